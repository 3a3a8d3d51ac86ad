"""Jumpers, cardigans and vests."""

from tools.garments.cloth import Sheet
from tools.garments.path import at, both, flip, whole
from tools.garments.tops import INSIDE_LABEL, Cut, back_of_neck, body_folds, neckline, sleeves


def ribbing(sheet: Sheet, cut: Cut, height: float = 26) -> None:
    """Ribbed hem and cuffs of a knitted piece."""
    top = cut.hem_y - height
    ribs = "".join(f"M{x} {top}L{x * 0.97:g} {cut.hem_y}" for x in range(-85, 88, 7))
    sheet.piece(
        whole(f"M0 {top}L{cut.hem} {top}Q{cut.hem + 1} {top + height / 2} {cut.hem - 4} {cut.hem_y}L0 {cut.hem_y + 1}"),
        seams=at(ribs),
        weave=False,
    )
    x, y, w = cut.wrist, cut.wrist_y, cut.cuff
    for turn in (at, flip):
        ribs = "".join(
            f"M{x - step - 4} {y - 26 + step * 0.22:g}L{x - step} {y + 4 + step * 0.22:g}"
            for step in range(4, int(w), 6)
        )
        sheet.piece(
            turn(f"M{x - 5} {y - 25}L{x - w - 5} {y + w * 0.22 - 25}L{x - w + 2} {y + w * 0.22 + 4}L{x - 1} {y + 3}Z"),
            seams=turn(ribs),
            weave=False,
        )


def sweater(sheet: Sheet, *, cables: bool = False) -> None:
    cut = Cut(neck=38, drop=24, chest=98, waist=98, hem=94, hem_y=404, cuff=38, wrist=156)
    back_of_neck(sheet, cut)
    sleeves(sheet, cut)
    sheet.piece(cut.body(), folds=body_folds(cut), fold_width=11)
    if cables:
        for x in (-54, -18, 18, 54):
            cable(sheet, x, 150 if abs(x) < 30 else 138, cut.hem_y - 28)
    neckline(sheet, cut, 15)
    sheet.seam(
        both("M0 114Q6 114 8 121M12 113Q18 112 22 118M22 109Q28 106 34 112M30 102Q36 98 42 103M35 93Q42 90 47 94")
    )
    ribbing(sheet, cut)


def cable(sheet: Sheet, x: float, top: float, foot: float) -> None:
    """Two strands crossing on a purled ground."""
    over, under, y = "", "", top
    while y + 24 <= foot:
        over += f"M{x - 8} {y}C{x - 8} {y + 12} {x + 8} {y + 12} {x + 8} {y + 24}"
        under += f"M{x + 8} {y}C{x + 8} {y + 12} {x - 8} {y + 12} {x - 8} {y + 24}"
        y += 24
    sheet.shadow(at(f"M{x - 13} {top}L{x - 13} {y}M{x + 13} {top}L{x + 13} {y}"), 6, 0.34)
    for strand in (under, over):
        sheet.mark(at(strand), sheet.dye.deep, 7.5, 0.4)
        sheet.mark(at(strand), sheet.dye.base, 6)
        sheet.mark(at(strand), sheet.dye.light, 2, 0.6)


def cabled(sheet: Sheet) -> None:
    sweater(sheet, cables=True)


def rollneck(sheet: Sheet) -> None:
    cut = Cut(neck=34, drop=10, chest=92, waist=88, hem=90, hem_y=404, wrist=150)
    sleeves(sheet, cut)
    sheet.piece(cut.body(), folds=body_folds(cut))
    ribbing(sheet, cut, 20)
    sheet.piece(whole("M0 42Q26 42 31 48L29 60Q0 70 0 70"), fill=sheet.dye.shade, weave=False)
    sheet.shadow(both("M0 104Q34 102 42 92"), 8, 0.35)
    ribs = "".join(f"M{x} 40Q{x * 1.16:g} 80 {x * 1.12:g} 106" for x in range(-34, 36, 5))
    sheet.piece(
        whole("M0 58Q24 57 31 46Q38 70 39 90Q34 104 0 105"),
        folds=[at("M-30 78Q0 88 32 76")],
        seams=at(ribs),
        weave=False,
    )


def cardigan(sheet: Sheet) -> None:
    cut = Cut(neck=34, drop=30, chest=96, waist=96, hem=94, hem_y=412, wrist=154, cuff=36)
    sheet.piece(whole("M0 80Q30 78 36 84L34 170L0 250"), fill=sheet.dye.shade)
    sheet.mark(at(INSIDE_LABEL), "#f3ece0")
    sleeves(sheet, cut)
    for turn in (flip, at):
        sheet.piece(
            turn("M34 84L84 104C76 132 82 170 96 196C98 250 97 320 95 412L-1 412L-1 246C14 210 32 150 34 84Z"),
            folds=[turn(f) for f in ("M88 204Q64 220 50 250", "M66 400Q56 330 62 280")],
            fold_width=11,
        )
    ribbing(sheet, cut)
    for turn in (flip, at):
        sheet.shadow(turn("M44 110C42 160 24 216 12 250L12 404"), 6, 0.25)
        sheet.piece(
            turn("M30 80L44 84C44 156 24 214 9 250L9 414L-7 414L-7 244C10 210 30 150 30 80Z"),
            weave=False,
            seams=turn("M37 84C37 156 17 214 2 248L2 414"),
        )
    sheet.button_colour = "#6b4a32"
    for y in range(258, 412, 37):
        sheet.button(1, y, 1.25)
    for x in (-74, 30):
        sheet.seam(at(f"M{x} 318L{x + 44} 318M{x} 325L{x + 44} 325"))
        sheet.shadow(at(f"M{x + 2} 329L{x + 42} 329"), 4, 0.3)


def vest(sheet: Sheet) -> None:
    cut = Cut(neck=36, drop=78, shoulder=70, chest=88, waist=88, hem=86, hem_y=392)
    sheet.piece(whole("M0 82Q30 80 38 84L42 130L0 184"), fill=sheet.dye.shade)
    sheet.mark(at(INSIDE_LABEL), "#f3ece0")
    outline = whole("M0 176L37 84L68 98C62 140 66 176 88 204C90 250 89 320 88 392L0 392")
    sheet.piece(outline, folds=body_folds(cut), fold_width=10)
    sheet.piece(whole("M0 174L35 82L48 87L0 196"), weave=False, seams=both("M0 181L40 84M0 188L44 86"))
    for turn in (at, flip):
        sheet.piece(turn("M68 97L58 93C50 140 54 182 82 214L90 204C66 176 62 140 68 97Z"), weave=False)
    ribs = "".join(f"M{x} 364L{x * 0.98:g} 392" for x in range(-84, 88, 7))
    sheet.piece(whole("M0 364L89 364L86 393L0 394"), seams=at(ribs), weave=False)
