"""Dresses."""

from tools.garments.cloth import Sheet
from tools.garments.path import at, both, flip, whole
from tools.garments.tops import Cut, collar, neckline, pocket, sleeves

UPPER = Cut(
    neck=32, neck_y=48, drop=24, shoulder=72, armpit_y=146, chest=78, hem_y=300, wrist=138, wrist_y=296, cuff=32
)


def shirt_dress(sheet: Sheet) -> None:
    sheet.button_colour = "#f6efe2"
    sleeves(sheet, UPPER, 26, stitched=True)
    outline = whole(
        "M0 72Q30 70 32 48L72 68C66 96 66 122 78 146C72 190 68 210 68 228C84 300 104 380 112 452Q60 466 0 466"
    )
    folds = [
        both("M74 156Q54 170 46 196"),
        both("M56 240Q74 340 90 446"),
        both("M30 240Q40 330 44 450"),
        at("M-14 244Q-22 340 -26 450"),
    ]
    sheet.piece(outline, folds=folds, stitches=at("M-112 446Q0 470 112 446"), seams=both("M40 70L70 84"))
    sheet.seam(at("M-8 90L-8 466M8 90L8 466"))
    for y in [102, 132, 162, 192, *range(256, 440, 34)]:
        sheet.button(0, y, 0.95)
    pocket(sheet, 24, 124, 36, 42)
    collar(sheet, UPPER, spread=28, length=36)
    sheet.shadow(both("M70 244Q30 250 2 250"), 7, 0.35)
    sheet.piece(whole("M0 220L68 216L69 238L0 243"), stitches=at("M-68 220Q0 224 68 220M-68 235Q0 239 68 235"))
    sheet.piece(at("M-14 226Q8 216 16 232Q6 246 -14 240Z"))
    sheet.piece(at("M8 238Q26 270 20 318L6 314Q10 276 -2 242Z"), folds=[at("M12 250Q20 280 14 310")], fold_width=5)


def slip_dress(sheet: Sheet) -> None:
    sheet.mark(both("M50 96Q46 60 40 28"), sheet.dye.deep, 4.2)
    sheet.mark(both("M50 96Q46 60 40 28"), sheet.dye.base, 2.8)
    sheet.piece(whole("M0 112Q24 106 50 92L70 130L0 150"), fill=sheet.dye.shade)
    outline = whole("M0 134Q30 118 50 92Q62 120 74 140C70 190 66 206 72 240C88 320 106 400 114 458Q60 474 0 474")
    folds = [
        at("M-30 170Q-8 300 -50 456"),
        at("M14 150Q40 300 22 462"),
        at("M54 220Q76 330 86 450"),
        flip("M60 240Q80 340 96 450"),
        both("M66 150Q48 166 40 190"),
    ]
    sheet.piece(outline, folds=folds, fold_width=13, stitches=at("M-113 450Q0 476 113 450"))
    sheet.piece(whole("M0 132Q30 116 49 90L54 98Q34 126 0 142"))


def wrap_dress(sheet: Sheet) -> None:
    cut = Cut(neck=34, neck_y=50, drop=60, shoulder=74, armpit_y=148, chest=80, wrist=136, wrist_y=232, cuff=42)
    sheet.piece(whole("M0 48Q28 46 34 50L36 90L0 170"), fill=sheet.dye.shade)
    sheet.mark(at("M-11 54L11 54L11 62L-11 62Z"), "#f3ece0")
    sleeves(sheet, cut)
    skirt = whole("M0 214L66 210C90 290 116 380 128 446Q66 464 0 464")
    sheet.piece(
        skirt,
        folds=[both("M54 230Q82 330 104 446"), at("M-20 230Q-40 340 -52 456"), at("M22 230Q40 340 50 452")],
        fold_width=12,
    )
    half = "M34 50L74 70C68 98 68 124 80 148C72 184 68 200 67 216L-40 219C-10 170 30 110 34 50Z"
    for turn in (flip, at):
        sheet.shadow(turn("M34 60C30 116 -8 172 -40 214"), 8, 0.3)
        sheet.piece(
            turn(half),
            folds=[turn("M70 160Q40 190 -6 212"), turn("M66 130Q44 170 10 206")],
            stitches=turn("M37 52C34 112 -4 174 -34 216"),
        )
    sheet.seam(at("M-40 219C-30 300 10 400 44 460"))
    sheet.shadow(at("M-36 224C-26 304 14 400 48 456"), 9, 0.3)
    sheet.piece(whole("M0 206L68 202L69 222L0 226"))
    sheet.piece(at("M40 212Q54 196 66 210Q60 224 44 222ZM44 220Q62 262 54 304L40 300Q46 262 34 222Z"))


def knit_dress(sheet: Sheet) -> None:
    cut = Cut(neck=34, neck_y=48, drop=20, shoulder=74, armpit_y=150, chest=78, wrist=136, wrist_y=318, cuff=30)
    sheet.piece(whole("M0 44Q28 43 35 48L36 60Q24 82 0 82"), fill=sheet.dye.shade)
    sheet.mark(at("M-11 50L11 50L11 58L-11 58Z"), "#f3ece0")
    sleeves(sheet, cut, 24)
    outline = whole("M0 68C20 68 33 60 34 48L74 68C68 96 68 126 78 150C70 200 66 220 72 262C80 320 84 380 82 458L0 462")
    folds = [
        both("M74 160Q50 180 42 214"),
        both("M68 280Q76 360 72 440"),
        at("M-34 440Q-40 360 -30 300"),
        both("M62 226Q40 238 24 230"),
    ]
    sheet.piece(outline, folds=folds, fold_width=11)
    neckline(sheet, cut, 13)
    ribs = "".join(f"M{x} 428L{x} 462" for x in range(-78, 84, 7))
    sheet.piece(whole("M0 428L84 426L82 460L0 464"), seams=at(ribs), weave=False)


def tiered_dress(sheet: Sheet) -> None:
    """A sundress in three gathered tiers on wide straps."""
    sheet.piece(whole("M0 92Q30 88 44 70L60 120L0 130"), fill=sheet.dye.shade)
    tiers = [
        ("M0 300L104 292C118 350 128 410 134 452Q66 470 0 470", 302, 106, 460),
        ("M0 196L74 190C88 230 100 270 108 304Q50 318 0 318", 198, 76, 306),
    ]
    for outline, top, width, foot in tiers:
        gathers = [
            at(f"M{x} {top + 10}Q{x * 1.08:g} {(top + foot) / 2:g} {x * 1.16:g} {foot}")
            for x in range(-int(width) + 12, int(width), 25)
        ]
        sheet.piece(whole(outline), folds=gathers, fold_width=6)
        sheet.stitch(at(f"M-{width} {top - 6}Q0 {top + 4} {width} {top - 6}"))
    bodice = whole("M0 104Q26 100 40 80L40 44L56 44L60 92Q64 112 74 128C72 160 72 176 76 200Q40 208 0 208")
    smock = "".join(f"M-72 {y}Q0 {y + 6} 72 {y}" for y in range(142, 204, 10))
    sheet.piece(
        bodice,
        folds=[both("M66 136Q44 150 36 180")],
        stitches=at(smock) + both("M42 46L42 82Q28 104 0 108M54 46L57 92"),
    )


def pinafore(sheet: Sheet) -> None:
    sheet.piece(both("M40 50L54 48L58 130L42 130Z"), fill=sheet.dye.shade)
    outline = whole("M0 110L44 108Q50 150 76 176C74 206 72 220 74 236C90 310 106 390 114 450Q60 462 0 462")
    folds = [both("M60 250Q80 350 94 444"), at("M-26 444Q-34 360 -22 290"), at("M30 446Q34 370 26 300")]
    sheet.piece(
        outline,
        folds=folds,
        stitches=both("M0 114L41 112Q48 154 74 181") + at("M-112 444Q0 462 112 444"),
        seams=both("M74 236Q84 262 88 300"),
    )
    sheet.piece(whole("M0 214L75 210L75 232L0 236"), stitches=at("M-74 214Q0 218 74 214M-74 228Q0 232 74 228"))
    pocket(sheet, -26, 136, 52, 48)
    sheet.piece(both("M38 46L54 44L56 120L40 122Z"), stitches=both("M41 50L43 118M51 48L53 118"))
    sheet.button_colour = "#b9763f"
    for x in (-48, 48):
        sheet.button(x, 116, 1.3)
