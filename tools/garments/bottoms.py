"""Trousers, shorts and skirts."""

from tools.garments.cloth import Sheet
from tools.garments.path import at, both, flip, whole


def legs(waist: float, hip: float, outer: float, inner: float, hem: float) -> str:
    return whole(
        f"M0 56L{waist} 54L{waist + 3} 78C{hip - 4} 118 {hip} 150 {hip} 196L{outer} {hem}L{inner} {hem + 3}"
        f"C{inner - 4} 350 10 270 4 226Q3 218 0 218"
    )


def waistband(sheet: Sheet, waist: float, *, loops: bool = True, tie: bool = False) -> None:
    sheet.piece(
        whole(f"M0 50L{waist - 2} 48L{waist + 2} 74L0 77"),
        stitches=at(f"M-{waist} 71Q0 75 {waist} 71M-{waist} 53Q0 56 {waist} 53"),
    )
    if loops:
        for x in (-46, -16, 16, 46):
            sheet.piece(at(f"M{x - 3} 47L{x + 3} 47L{x + 3.4} 79L{x - 3.4} 79Z"), weave=False)
    if tie:
        gathers = "".join(f"M{x} 51L{x * 1.02:g} 74" for x in range(-56, 60, 8))
        sheet.seam(at(gathers))
        sheet.mark(at("M-6 64Q-16 96 -12 128M6 64Q18 92 10 140"), sheet.dye.deep, 4.6)
        sheet.mark(at("M-6 64Q-16 96 -12 128M6 64Q18 92 10 140"), sheet.dye.light, 3)
    else:
        sheet.button(0, 63, 1.1)


def fly(sheet: Sheet) -> None:
    sheet.seam(at("M0 76L0 216"))
    sheet.stitch(at("M13 77L13 140Q13 160 1 168M10 77L10 140Q10 156 1 164"))


def trousers(sheet: Sheet, *, wide: bool = False, crease: bool = True, pleats: bool = False, tie: bool = False) -> None:
    outer, inner = (112, 22) if wide else (84, 30)
    hip = 88 if wide else 82
    middle = (outer + inner) / 2
    folds = [
        both(f"M8 224Q30 232 48 226M10 240Q26 262 {middle - 22} 300"),
        both(f"M{hip - 14} 210Q{middle + 12} 330 {outer - 12} 450"),
        both(f"M{inner + 12} 456Q{inner + 8} 400 {inner + 14} 340"),
    ]
    seams = both(f"M62 76Q66 118 {hip} 148")
    if crease:
        seams += both(f"M36 150Q{middle - 8} 300 {middle} 466")
    if pleats:
        seams += both("M26 76L32 140M40 76L44 122")
    sheet.piece(legs(62, hip, outer, inner, 456), folds=folds, seams=seams, stitches=both(f"M66 80Q70 118 {hip} 144"))
    sheet.stitch(both(f"M{inner - 3} 448L{outer + 2} 445"))
    if not tie:
        fly(sheet)
    waistband(sheet, 62, loops=not tie, tie=tie)


def wide_trousers(sheet: Sheet) -> None:
    trousers(sheet, wide=True, pleats=True)


def drawstring(sheet: Sheet) -> None:
    trousers(sheet, wide=True, crease=False, tie=True)


def cords(sheet: Sheet) -> None:
    trousers(sheet, crease=False)


def jeans(sheet: Sheet) -> None:
    """Five pockets, copper rivets, tobacco stitching and turned-up hems."""
    thread = "#c08a4a"
    folds = [
        both("M8 226Q30 236 50 226M12 246Q30 250 44 242"),
        both("M66 220Q74 330 76 430"),
        both("M38 440Q34 380 40 330"),
        both("M30 300Q50 306 64 296"),
    ]
    sheet.piece(legs(62, 82, 82, 30, 450), folds=folds, seams=both("M74 150Q80 300 78 450"))
    sheet.mark(both("M40 130Q58 200 56 300M50 310Q56 350 54 400"), sheet.dye.light, 16, 0.16)
    for turn in (at, flip):
        sheet.seam(turn("M30 76Q34 116 79 122"))
        sheet.mark(turn("M28 76Q32 118 79 125M34 76Q38 110 79 117"), thread, 1)
        sheet.piece(turn("M27 440L86 437L84 460L28 464Z"), fill=sheet.dye.light)
    fly(sheet)
    sheet.mark(at("M13 77L13 140Q13 160 1 168M9 77L9 138Q9 154 1 162"), thread, 1)
    waistband(sheet, 62)
    sheet.mark(at("M-61 54Q0 57 61 54M-63 71Q0 75 63 71"), thread, 1)
    for x in (-31, 31):
        sheet.mark(at(f"M{x - 2} 80L{x + 2} 80L{x + 2} 84L{x - 2} 84Z"), "#b9763f")
    sheet.button_colour = "#b9763f"
    sheet.button(0, 63, 1.2)


def shorts(sheet: Sheet) -> None:
    outline = whole("M0 106L72 104L76 130C88 180 96 230 108 356L18 364C14 330 8 300 4 286Q2 280 0 280")
    sheet.piece(
        outline,
        folds=[both("M10 288Q34 296 54 284"), both("M86 240Q92 300 94 350"), both("M34 358Q32 320 40 290")],
        seams=both("M70 126Q74 168 94 196") + both("M34 128L38 190M48 128L52 176"),
        stitches=both("M14 352L108 344M74 128Q78 168 94 190"),
    )
    sheet.seam(at("M0 126L0 280"))
    sheet.stitch(at("M13 127L13 190Q13 208 1 214"))
    sheet.piece(whole("M0 100L70 98L74 124L0 127"), stitches=at("M-73 121Q0 125 73 121M-70 103Q0 106 70 103"))
    for x in (-50, -18, 18, 50):
        sheet.piece(at(f"M{x - 3} 97L{x + 3} 97L{x + 3} 129L{x - 3} 129Z"), weave=False)
    sheet.button(0, 113, 1.1)


def skirt(sheet: Sheet) -> None:
    """A bias-cut slip skirt: long diagonal folds that fall from the hip."""
    outline = whole("M0 74L58 72C72 120 82 160 88 210C96 290 112 380 124 436Q70 456 0 456")
    folds = [
        at("M-40 130Q-20 280 -64 430"),
        at("M-6 110Q24 260 6 440"),
        at("M40 130Q62 280 70 432"),
        at("M64 240Q88 340 102 420"),
        flip("M70 220Q90 330 104 424"),
    ]
    sheet.piece(outline, folds=folds, fold_width=14, stitches=at("M-122 430Q0 462 122 430"))
    sheet.piece(whole("M0 68L56 66L59 82L0 86"), folds=[at("M-40 76L40 76")], fold_width=4)


def pleated_skirt(sheet: Sheet) -> None:
    sheet.piece(whole("M0 84L62 82L138 432Q70 450 0 450"))
    for step in range(-6, 7):
        top, foot = step * 9.4, step * 21.2
        low = 450 - abs(step) * 2.6
        sheet.shadow(at(f"M{top + 2} 90L{foot + 5} {low - 8}"), 8, 0.34)
        sheet.seam(at(f"M{top} 84L{foot} {low}"))
        sheet.mark(at(f"M{top - 2} 92L{foot - 5} {low - 3}"), sheet.dye.light, 2.4, 0.4)
    sheet.piece(whole("M0 62L58 60L62 86L0 90"), stitches=at("M-61 83Q0 87 61 83M-58 65Q0 68 58 65"))


def buttoned_skirt(sheet: Sheet) -> None:
    outline = whole("M0 84L64 82C80 130 92 180 96 220L120 424Q60 436 0 436")
    folds = [both("M80 200Q96 320 104 416"), at("M-50 420Q-56 340 -44 270"), at("M52 422Q54 340 40 250")]
    sheet.piece(
        outline,
        folds=folds,
        seams=both("M36 88Q44 120 88 150"),
        stitches=both("M36 92Q44 124 88 155") + at("M-118 418Q0 436 118 418"),
    )
    sheet.seam(at("M-9 88L-9 436M9 88L9 436"))
    sheet.stitch(at("M-6 88L-6 436M6 88L6 436"))
    sheet.piece(whole("M0 66L62 64L66 90L0 94"), stitches=at("M-65 87Q0 91 65 87"))
    sheet.button_colour = "#6b4a32"
    for y in range(80, 420, 46):
        sheet.button(0, y, 1.15)
