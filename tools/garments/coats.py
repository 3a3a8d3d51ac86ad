"""Coats and jackets."""

from tools.garments.cloth import Sheet
from tools.garments.path import at, both, flip, whole
from tools.garments.tops import Cut, body_folds, collar, placket, pocket, sleeves

LONG = Cut(neck=34, neck_y=52, drop=60, shoulder=84, armpit_y=160, chest=94, hem_y=456, wrist=150, wrist_y=338, cuff=38)
SHORT = Cut(
    neck=36,
    neck_y=76,
    drop=26,
    shoulder=88,
    armpit_y=190,
    chest=98,
    waist=98,
    hem=98,
    hem_y=412,
    wrist=154,
    wrist_y=374,
    cuff=38,
)


def lining(sheet: Sheet, cut: Cut) -> None:
    top = cut.neck_y
    sheet.piece(whole(f"M0 {top - 8}Q30 {top - 10} 38 {top + 4}L40 {top + 90}L0 {top + 150}"), fill=sheet.dye.shade)
    sheet.mark(at(f"M-13 {top + 4}L13 {top + 4}L13 {top + 14}L-13 {top + 14}Z"), "#f3ece0")


def lapels(sheet: Sheet, top: float, break_y: float, spread: float = 52) -> None:
    """Notched lapels under a collar that runs round the neck."""
    lapel = (
        f"M26 {top + 4}L{spread + 6} {top + 50}L{spread} {top + 74}L-6 {break_y}"
        f"L-10 {break_y}Q14 {top + 70} 26 {top + 4}Z"
    )
    neck = (
        f"M0 {top - 14}Q34 {top - 16} 44 {top + 6}L{spread + 10} {top + 40}"
        f"L{spread - 8} {top + 54}Q32 {top + 34} 26 {top + 6}Q22 {top - 4} 0 {top - 4}Z"
    )
    for turn in (flip, at):
        sheet.shadow(turn(f"M{spread + 6} {top + 54}L{spread} {top + 80}L2 {break_y + 4}"), 8, 0.32)
        sheet.piece(turn(lapel), stitches=turn(f"M{spread + 3} {top + 52}L{spread - 3} {top + 72}L-6 {break_y - 6}"))
    for turn in (flip, at):
        sheet.piece(turn(neck))
    sheet.piece(whole(f"M0 {top - 15}Q33 {top - 17} 43 {top + 5}L28 {top + 10}Q22 {top - 3} 0 {top - 3}"))


def fronts(sheet: Sheet, cut: Cut, *, overlap: float, flare: float, folds: list[str]) -> None:
    """Two front panels, the right over the left."""
    n, s, foot = cut.neck_y, cut.shoulder, cut.hem_y
    panel = (
        f"M{cut.neck - 6} {n + 2}L{s} {n + 20}C{s - 8} {n + 52} {cut.chest - 14} "
        f"{cut.armpit_y - 26} {cut.chest} {cut.armpit_y}"
        f"C{cut.chest - 4} {cut.armpit_y + 60} {cut.chest} {foot - 140} {cut.chest + flare} {foot}"
        f"L-{overlap} {foot + 4}L-{overlap} {cut.armpit_y + 14}Q18 {n + 80} {cut.neck - 6} {n + 2}Z"
    )
    for turn in (flip, at):
        sheet.piece(turn(panel), folds=[turn(fold) for fold in folds], fold_width=11)
    sheet.shadow(at(f"M-{overlap + 5} {cut.armpit_y + 30}L-{overlap + 5} {foot}"), 8, 0.3)


def welt(sheet: Sheet, x: float, y: float, lean: float = 0) -> None:
    for turn in (at, flip):
        sheet.shadow(turn(f"M{x} {y + 16}L{x + 40} {y + 16 - lean}"), 5, 0.3)
        sheet.piece(turn(f"M{x} {y}L{x + 42} {y - lean}L{x + 43} {y + 13 - lean}L{x + 1} {y + 13}Z"))


def overcoat(sheet: Sheet) -> None:
    """Double-breasted, two rows of buttons, to the knee."""
    sheet.button_colour = sheet.dye.deep
    lining(sheet, LONG)
    sleeves(sheet, LONG, 0)
    fronts(
        sheet,
        LONG,
        overlap=24,
        flare=10,
        folds=["M86 170Q62 190 54 230", "M78 448Q70 360 80 280", "M40 450Q44 390 34 330"],
    )
    welt(sheet, 36, 290, 6)
    lapels(sheet, 52, 212, 58)
    for y in (226, 268, 310):
        sheet.button(-34, y, 1.4)
        sheet.button(14, y, 1.4)
    for x in (128, -128):
        sheet.button(x, 334, 0.9)
        sheet.button(x * 1.015, 322, 0.9)


def trench(sheet: Sheet) -> None:
    sheet.button_colour = "#5a4330"
    lining(sheet, LONG)
    sleeves(sheet, LONG, 34, stitched=True)
    fronts(
        sheet,
        LONG,
        overlap=26,
        flare=20,
        folds=["M84 170Q60 186 50 214", "M70 280Q86 370 94 448", "M30 282Q40 370 46 450"],
    )
    for turn in (at, flip):
        sheet.shadow(turn("M88 172Q56 190 22 176"), 6, 0.3)
        sheet.piece(
            turn("M60 62L84 72C76 104 82 136 93 160L88 166Q54 184 18 172Q34 140 60 62Z"),
            stitches=turn("M88 161Q54 178 21 168"),
        )
        sheet.piece(turn("M50 62L88 72L86 80L48 69Z"))
    lapels(sheet, 52, 204, 62)
    for y in (206, 300, 342):
        sheet.button(-36, y, 1.3)
        sheet.button(12, y, 1.3)
    sheet.shadow(both("M92 270L0 274"), 8, 0.36)
    sheet.piece(whole("M0 240L90 236L92 260L0 265"), stitches=at("M-90 240Q0 246 90 240M-91 256Q0 262 91 256"))
    sheet.mark(at("M-12 236L14 236L14 269L-12 269ZM-6 242L-6 263L8 263L8 242Z"), "#6b4a32")
    sheet.piece(at("M14 246L58 262L54 282L12 260Z"), stitches=at("M15 250L54 265M13 256L51 277"))


def blazer(sheet: Sheet) -> None:
    sheet.button_colour = sheet.dye.deep
    cut = Cut(
        neck=34,
        neck_y=72,
        shoulder=88,
        armpit_y=184,
        chest=94,
        waist=88,
        hem=100,
        hem_y=402,
        wrist=150,
        wrist_y=372,
        cuff=36,
    )
    lining(sheet, cut)
    sleeves(sheet, cut, 0)
    panel = (
        "M28 74L88 92C80 124 82 158 94 184C86 230 84 262 88 290C94 330 98 360 102 396"
        "Q70 412 36 404Q6 396 -8 350L-8 238Q18 152 28 74Z"
    )
    for turn in (flip, at):
        sheet.piece(
            turn(panel),
            folds=[turn(f) for f in ("M86 196Q62 214 54 250", "M84 396Q74 340 80 296", "M24 260Q40 270 72 262")],
            seams=turn("M52 190Q44 270 58 402"),
        )
    sheet.shadow(at("M-12 262L-12 350"), 7, 0.3)
    welt(sheet, 40, 318, 2)
    sheet.piece(at("M34 190L66 184L67 194L35 200Z"))
    lapels(sheet, 72, 256, 56)
    sheet.button(0, 266, 1.35)
    sheet.button(0, 306, 1.35)
    for y in (340, 352, 364):
        sheet.button(130, y, 0.75)
        sheet.button(-130, y, 0.75)


def chore_jacket(sheet: Sheet) -> None:
    sheet.button_colour = "#4a3626"
    sleeves(sheet, SHORT, 30, stitched=True)
    sheet.piece(
        SHORT.body(),
        folds=body_folds(SHORT),
        stitches=at("M-98 402L98 402") + both("M84 100C74 130 78 166 92 196M81 99C71 130 75 166 89 196"),
        seams=both("M42 96L85 113"),
    )
    placket(sheet, SHORT, 148, 5)
    pocket(sheet, 22, 300, 62, 74)
    pocket(sheet, -84, 300, 62, 74)
    pocket(sheet, 24, 190, 46, 50)
    collar(sheet, SHORT, spread=34, length=40)


def quilted(sheet: Sheet) -> None:
    """A collarless liner with bound edges and snaps."""
    sheet.button_colour = "#b9a27c"
    cut = Cut(
        neck=36,
        neck_y=84,
        drop=58,
        chest=98,
        waist=99,
        hem=100,
        hem_y=396,
        shoulder=88,
        wrist=152,
        wrist_y=372,
        cuff=38,
    )
    sheet.piece(whole("M0 80Q30 78 38 86L38 120L0 170"), fill=sheet.dye.shade, weave=False)
    sheet.mark(at("M-13 88L13 88L13 98L-13 98Z"), "#f3ece0")
    sleeves(sheet, cut, 7)
    sheet.piece(
        whole("M0 148Q26 130 36 84L88 104C80 134 84 170 98 196C96 260 98 340 100 380Q98 396 84 398L0 400"),
        folds=body_folds(cut),
        fold_width=12,
    )
    sheet.seam(at("M0 148L0 400"))
    sheet.piece(
        whole("M0 150Q26 132 34 82L42 86Q36 140 4 166L4 392L84 390L86 400L0 402"), fill=sheet.dye.shade, weave=False
    )
    for y in range(184, 390, 48):
        sheet.button(0, y, 1.15)
    for turn in (at, flip):
        sheet.piece(turn("M34 296L84 296L84 352Q84 358 78 358L40 358Q34 358 34 352Z"), stitches=turn("M34 304L84 304"))


PUFFED = Cut(
    neck=40,
    neck_y=88,
    drop=14,
    shoulder=92,
    armpit_y=200,
    chest=106,
    waist=108,
    hem=102,
    hem_y=404,
    wrist=166,
    wrist_y=380,
    cuff=48,
)


def puffer(sheet: Sheet) -> None:
    """Down held in channels; each swells and throws a small shadow."""
    puffed_sleeves(sheet)
    lines = range(138, 400, 38)
    sheet.piece(
        PUFFED.body(),
        folds=[at(f"M-104 {y + 8}Q0 {y + 14} 104 {y + 8}") for y in lines],
        fold_width=13,
        seams=at("".join(f"M-110 {y}Q0 {y + 8} 110 {y}" for y in lines)),
    )
    sheet.piece(
        whole("M0 48Q34 46 40 58L42 96Q24 108 0 108"),
        folds=[at("M-36 74Q0 84 36 74"), at("M-36 96Q0 106 36 96")],
        seams=at("M-44 80Q0 90 44 80"),
    )
    sheet.piece(whole("M0 46Q32 44 38 56Q22 66 0 66"), fill=sheet.dye.shade)
    sheet.shadow(at("M5 70L5 400"), 5, 0.3)
    sheet.mark(at("M0 68L0 404"), "#b9a27c", 3.4)
    sheet.mark(at("M-3 70L3 70L2 88L-2 88Z"), "#8d7752")
    sheet.piece(whole("M0 390L103 388Q104 398 100 406L0 410"), weave=False)


def puffed_sleeves(sheet: Sheet) -> None:
    folds, seams = [], ""
    for step in range(5):
        bend = f"Q{124 + step * 7} {190 + step * 42}"
        folds.append(f"M{98 + step * 11} {176 + step * 44}{bend} {150 + step * 6} {164 + step * 44}")
        seams += f"M{76 + step * 12} {182 + step * 44}{bend} {160 + step * 6} {156 + step * 44}"
    for turn in (at, flip):
        sheet.piece(turn(PUFFED.sleeve()), folds=[turn(fold) for fold in folds], fold_width=12, seams=turn(seams))


def raincoat(sheet: Sheet) -> None:
    """A hooded fishtail with a storm flap."""
    sheet.button_colour = "#f6efe2"
    cut = Cut(
        neck=38,
        neck_y=98,
        drop=18,
        shoulder=88,
        armpit_y=204,
        chest=100,
        waist=102,
        hem=112,
        hem_y=450,
        hem_curve=8,
        wrist=156,
        wrist_y=388,
        cuff=40,
    )
    hood = whole("M0 26C40 24 58 50 58 84Q58 108 46 122L0 122")
    sheet.piece(hood, fill=sheet.dye.shade, folds=[both("M48 60Q44 90 38 116")])
    sheet.mark(at("M-12 92L12 92L12 101L-12 101Z"), "#f3ece0")
    sleeves(sheet, cut, 22, stitched=True)
    sheet.piece(
        cut.body(),
        folds=[*body_folds(cut), both("M40 440Q46 380 38 320")],
        stitches=both("M86 122C76 150 82 184 96 210"),
    )
    sheet.piece(at("M-16 112L14 112L14 450L-16 450Z"), stitches=at("M-12 112L-12 450M10 112L10 450"))
    for y in range(140, 440, 56):
        sheet.button(-1, y, 1.2)
    for turn in (at, flip):
        sheet.piece(turn("M30 314L88 308L90 336Q60 346 32 342Z"), stitches=turn("M33 338Q60 341 87 332"))
        sheet.piece(
            turn("M0 24C42 22 62 52 60 88Q58 112 44 128Q20 126 8 116C30 108 44 92 42 72C40 52 24 44 0 44Z"),
            folds=[turn("M52 70Q52 96 36 116")],
            stitches=turn("M0 40C26 40 45 52 46 72C47 90 34 106 14 115"),
        )
        sheet.mark(turn("M20 120Q24 150 18 172"), "#f3ece0", 2.4)
