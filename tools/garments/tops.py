"""Shirts and tees, and how any upper garment is cut."""

from dataclasses import dataclass

from tools.garments.cloth import Sheet
from tools.garments.path import at, both, flip, whole

INSIDE_LABEL = "M-11 88L11 88L11 98L-11 98Z"


@dataclass(frozen=True)
class Cut:
    """Measures of an upper garment: x from the centre line, y from the top of the sheet."""

    neck: float = 36
    neck_y: float = 84
    drop: float = 26
    shoulder: float = 84
    armpit_y: float = 196
    chest: float = 92
    waist: float = 89
    hem: float = 92
    hem_y: float = 408
    hem_curve: float = 0
    wrist: float = 150
    wrist_y: float = 376
    cuff: float = 34

    @property
    def shoulder_y(self) -> float:
        return self.neck_y + 20

    def body(self) -> str:
        middle = (self.armpit_y + self.hem_y) / 2
        return whole(
            f"M0 {self.neck_y + self.drop}C{self.neck * 0.55} {self.neck_y + self.drop} {self.neck * 0.96} "
            f"{self.neck_y + self.drop * 0.6} {self.neck} {self.neck_y}L{self.shoulder} {self.shoulder_y}"
            f"C{self.shoulder - 8} {self.shoulder_y + 28} {self.chest - 14} "
            f"{self.armpit_y - 26} {self.chest} {self.armpit_y}"
            f"C{self.waist} {self.armpit_y + 40} {self.waist - 1} {middle} {self.waist} {middle + 20}"
            f"L{self.hem} {self.hem_y - self.hem_curve}Q{self.hem * 0.6} {self.hem_y + self.hem_curve * 0.6} 0 "
            f"{self.hem_y + self.hem_curve * 0.6}"
        )

    def sleeve(self) -> str:
        """The right sleeve; its head lies hidden under the body."""
        inner_x, inner_y = self.wrist - self.cuff, self.wrist_y + self.cuff * 0.22
        start, head = f"M{self.shoulder - 2} {self.shoulder_y}", f"L{self.shoulder - 30} {self.shoulder_y + 40}Z"
        if self.wrist_y < self.armpit_y + 80:
            return (
                f"{start}C{self.shoulder + 26} {self.shoulder_y + 9} {self.wrist - 20} "
                f"{self.wrist_y - 60} {self.wrist} "
                f"{self.wrist_y}L{self.chest + 1} {self.wrist_y + 22}Q{self.chest} "
                f"{self.armpit_y + 12} {self.chest - 6} "
                f"{self.armpit_y}{head}"
            )
        return (
            f"{start}C{self.shoulder + 26} {self.shoulder_y + 8} {self.shoulder + 36} "
            f"{self.armpit_y - 40} {self.shoulder + 42} {self.armpit_y - 10}L{self.wrist} {self.wrist_y}"
            f"L{inner_x} {inner_y}C{inner_x - 6} {(inner_y + self.armpit_y) / 2 + 20} {self.chest + 6} "
            f"{self.armpit_y + 40} {self.chest - 4} {self.armpit_y + 12}{head}"
        )

    def cuff_line(self, height: float) -> str:
        rise = height * 1.0
        return (
            f"M{self.wrist + 8} {self.wrist_y - rise}Q{self.wrist - self.cuff / 2} "
            f"{self.wrist_y - rise + 12} {self.wrist - self.cuff - 10} {self.wrist_y + self.cuff * 0.22 - rise}"
        )


def back_of_neck(sheet: Sheet, cut: Cut, rise: float = 0) -> None:
    outline = whole(
        f"M0 {cut.neck_y - 2 - rise}Q{cut.neck * 0.7} {cut.neck_y - 4 - rise} {cut.neck + 2} {cut.neck_y - rise * 0.4}"
        f"L{cut.neck} {cut.neck_y + 8}Q{cut.neck * 0.7} {cut.neck_y + cut.drop + 8} 0 {cut.neck_y + cut.drop + 8}"
    )
    sheet.piece(
        outline, fill=sheet.dye.shade, seams=at(f"M-40 {cut.neck_y + 10}Q0 {cut.neck_y + 15} 40 {cut.neck_y + 10}")
    )
    label = cut.neck_y + 1
    sheet.mark(at(f"M-11 {label}L11 {label}L11 {label + 8}L-11 {label + 8}Z"), "#f3ece0")


def sleeves(sheet: Sheet, cut: Cut, cuff: float = 0, *, stitched: bool = False) -> None:
    folds = (
        f"M{cut.shoulder + 6} {cut.armpit_y + 6}Q{cut.shoulder + 24} {cut.armpit_y - 6} "
        f"{cut.shoulder + 34} {cut.armpit_y - 30}",
        f"M{cut.wrist - 40} {cut.wrist_y - 96}Q{cut.wrist - 22} {cut.wrist_y - 92} "
        f"{cut.wrist - 12} {cut.wrist_y - 106}",
        f"M{cut.wrist - 22} {cut.wrist_y - 16}Q{cut.wrist - 32} {cut.wrist_y - 60} {cut.wrist - 34} {cut.wrist_y - 84}",
    )
    long = cut.wrist_y > cut.armpit_y + 80
    chosen = folds if long else folds[:1]
    line = cut.cuff_line(cuff) if cuff else ""
    for turn in (at, flip):
        sheet.piece(
            turn(cut.sleeve()),
            folds=[turn(fold) for fold in chosen],
            seams=turn(line) if line else "",
            stitches=turn(cut.cuff_line(5)) if stitched else "",
        )


def body_folds(cut: Cut) -> list[str]:
    foot = cut.hem_y
    return [
        at(
            f"M{cut.chest - 8} {cut.armpit_y + 8}Q{cut.chest - 34} {cut.armpit_y + 22} "
            f"{cut.chest - 48} {cut.armpit_y + 52}"
        ),
        flip(
            f"M{cut.chest - 8} {cut.armpit_y + 8}Q{cut.chest - 30} {cut.armpit_y + 26} "
            f"{cut.chest - 40} {cut.armpit_y + 64}"
        ),
        at(f"M{cut.hem - 26} {foot - 8}Q{cut.hem - 38} {foot - 70} {cut.hem - 30} {foot - 128}"),
        flip(f"M{cut.hem - 40} {foot - 8}Q{cut.hem - 46} {foot - 60} {cut.hem - 34} {foot - 110}"),
    ]


def collar(sheet: Sheet, cut: Cut, spread: float = 30, length: float = 40) -> None:
    """A turned-down collar on its stand; the back of it shows inside."""
    top = cut.neck_y
    back = whole(
        f"M0 {top - 16}Q{cut.neck * 0.9} {top - 16} {cut.neck + 3} {top + 4}Q{cut.neck * 0.6} {top + 34} 0 {top + 38}"
    )
    sheet.piece(back, fill=sheet.dye.shade)
    sheet.mark(at(f"M-10 {top - 2}L10 {top - 2}L10 {top + 7}L-10 {top + 7}Z"), "#f3ece0")
    leaf = (
        f"M0 {top + 30}L{spread} {top + 24 + length}Q{cut.neck + 14} {top + 34} {cut.neck + 12} {top + 8}"
        f"Q{cut.neck + 4} {top - 14} {cut.neck - 10} {top - 15}Q{cut.neck - 6} {top + 14} 0 {top + 30}Z"
    )
    edge = f"M2 {top + 36}L{spread - 1} {top + 18 + length}Q{cut.neck + 8} {top + 32} {cut.neck + 8} {top + 8}"
    sheet.shadow(
        both(f"M{spread - 8} {top + 20 + length}Q{cut.neck + 12} {top + 44} {cut.neck + 12} {top + 22}"), 7, 0.34
    )
    sheet.piece(flip(leaf), stitches=flip(edge))
    sheet.piece(at(leaf), stitches=at(edge))


def placket(sheet: Sheet, cut: Cut, first: float, count: int) -> None:
    foot = cut.hem_y + cut.hem_curve * 0.5
    sheet.shadow(at(f"M9 {first - 6}L9 {foot - 6}"), 5, 0.22)
    sheet.seam(at(f"M-8 {first - 14}L-8 {foot}M8 {first - 14}L8 {foot}"))
    sheet.stitch(at(f"M-5.5 {first - 14}L-5.5 {foot}M5.5 {first - 14}L5.5 {foot}"))
    for place in range(count):
        sheet.button(0, first + place * (foot - 22 - first) / (count - 1))


def pocket(sheet: Sheet, x: float, y: float, width: float = 40, height: float = 46, *, flap: bool = False) -> None:
    low = y + height
    sheet.piece(
        at(f"M{x} {y}L{x + width} {y}L{x + width} {low - 8}L{x + width / 2} {low}L{x} {low - 8}Z"),
        stitches=at(
            f"M{x + 3} {y + 7}L{x + width - 3} {y + 7}M{x + 3} {y}L{x + 3} {low - 9}L{x + width / 2} {low - 3}"
            f"L{x + width - 3} {low - 9}L{x + width - 3} {y}"
        ),
    )
    if flap:
        sheet.piece(
            at(
                f"M{x - 2} {y - 4}L{x + width + 2} {y - 4}L{x + width + 2} {y + 10}"
                f"L{x + width / 2} {y + 18}L{x - 2} {y + 10}Z"
            )
        )
        sheet.button(x + width / 2, y + 11, 0.8)


def shirt(sheet: Sheet, *, short: bool = False, pockets: int = 1, button: str = "#f6efe2") -> None:
    sheet.button_colour = button
    cut = Cut(wrist=146, wrist_y=218, hem_y=404, hem_curve=0) if short else Cut(hem_curve=16, hem_y=404)
    sleeves(sheet, cut, 0 if short else 30, stitched=True)
    sheet.piece(
        cut.body(),
        folds=body_folds(cut),
        seams=both(f"M{cut.neck + 6} {cut.neck_y + 22}L{cut.shoulder - 3} {cut.shoulder_y + 17}"),
        stitches=both(
            f"M{cut.shoulder - 5} {cut.shoulder_y + 4}C{cut.shoulder - 12} 132 {cut.chest - 19} 170 {cut.chest - 5} 200"
        )
        + at(
            f"M-{cut.hem} {cut.hem_y - cut.hem_curve - 5}Q0 {cut.hem_y + cut.hem_curve * 1.9 - 5} "
            f"{cut.hem} {cut.hem_y - cut.hem_curve - 5}"
        ),
    )
    placket(sheet, cut, 138, 6)
    if not short:
        for x in (136, -136):
            sheet.button(x, 366, 0.75)
    if pockets:
        pocket(sheet, 26, 176, flap=pockets > 1)
    if pockets > 1:
        pocket(sheet, -66, 176, flap=True)
    collar(sheet, cut, spread=36 if short else 30, length=34 if short else 40)


def overshirt(sheet: Sheet) -> None:
    shirt(sheet, pockets=2, button=sheet.dye.deep)


def camp_shirt(sheet: Sheet) -> None:
    shirt(sheet, short=True)


def blouse(sheet: Sheet) -> None:
    """Gathered yoke, full sleeves on narrow cuffs, a band for a collar."""
    cut = Cut(neck=30, drop=34, chest=94, waist=94, hem=100, hem_y=398, wrist=158, cuff=46, wrist_y=352)
    back_of_neck(sheet, cut, 6)
    sleeves(sheet, cut)
    gathers = [both(f"M{x} 168Q{x + 3} 240 {x + 8} 330") for x in (24, 46, 68)]
    sheet.piece(
        cut.body(),
        folds=[*body_folds(cut), *gathers],
        fold_width=7,
        seams=both("M0 160Q50 158 80 150"),
        stitches=both("M0 163Q50 161 80 153") + both("M26 168L27 178M38 168L39 180M50 166L52 180M62 165L64 176"),
    )
    for turn in (at, flip):
        sheet.piece(turn("M157 350L114 362L116 384L156 374Z"), seams=turn("M150 352L150 376"))
    sheet.piece(whole("M0 110C16 110 28 98 29 80L36 84C36 104 20 120 0 120"))
    sheet.seam(at("M0 118L0 200"))
    sheet.button_colour = "#f6efe2"
    for y in (130, 152, 174, 196):
        sheet.button(0, y, 0.8)


def tee(sheet: Sheet, *, long: bool = False) -> None:
    cut = Cut(neck=40, drop=30) if long else Cut(neck=40, drop=30, wrist=144, wrist_y=204, hem_y=400)
    back_of_neck(sheet, cut)
    sleeves(sheet, cut, stitched=True)
    sheet.piece(
        cut.body(),
        folds=body_folds(cut),
        stitches=at(f"M-92 {cut.hem_y - 10}L92 {cut.hem_y - 10}M-92 {cut.hem_y - 7}L92 {cut.hem_y - 7}"),
    )
    neckline(sheet, cut, 9)


def breton(sheet: Sheet) -> None:
    tee(sheet, long=True)


def neckline(sheet: Sheet, cut: Cut, depth: float) -> None:
    outer = cut.neck + depth * 0.8
    low = cut.neck_y + cut.drop
    outline = whole(
        f"M0 {low}C{cut.neck * 0.55} {low} {cut.neck * 0.96} {cut.neck_y + cut.drop * 0.6} {cut.neck} {cut.neck_y - 2}"
        f"L{outer} {cut.neck_y + 3}C{outer - 2} {cut.neck_y + cut.drop * 0.8} "
        f"{outer * 0.6} {low + depth} 0 {low + depth}"
    )
    sheet.shadow(
        both(
            f"M{outer} {cut.neck_y + 8}C{outer - 2} {cut.neck_y + cut.drop * 0.9} "
            f"{outer * 0.6} {low + depth + 3} 0 {low + depth + 3}"
        ),
        5,
        0.2,
    )
    sheet.piece(outline)
