"""Hats, scarves, bags, socks and belts."""

from tools.garments.cloth import Sheet
from tools.garments.path import at, both, whole

LEATHER = "#7a4f31"
BRASS = "#c2a05e"


def beanie(sheet: Sheet) -> None:
    ribs = "".join(f"M{x} 300Q{x * 1.02:g} 190 {x * 0.3:g} 122" for x in range(-96, 100, 12))
    sheet.piece(
        whole("M0 118C62 118 104 178 108 312L0 318"),
        seams=at(ribs),
        folds=[at("M-60 180Q-80 230 -78 290"), at("M40 150Q74 220 74 290")],
        fold_width=16,
    )
    cuff = "".join(f"M{x} 290Q{x * 1.05:g} 340 {x} 384" for x in range(-108, 112, 9))
    sheet.shadow(at("M-100 288Q0 300 100 288"), 10, 0.4)
    sheet.piece(whole("M0 296Q70 296 112 284C120 320 118 352 110 378Q60 392 0 392"), seams=at(cuff), weave=False)
    sheet.mark(at("M56 334L84 332L85 352L57 354Z"), "#f3ece0")


def felt_hat(sheet: Sheet) -> None:
    """A wide brim seen a little from above, a pinched crown, a ribbon."""
    sheet.piece(
        at("M-176 300C-160 256 -90 250 0 250C90 250 160 256 176 300C160 348 84 362 0 362C-84 362 -160 348 -176 300Z"),
        folds=[at("M-150 310Q-80 344 0 346Q90 344 150 306")],
        fold_width=14,
        stitches=at("M-168 303C-150 342 -80 354 0 354C80 354 150 342 168 303"),
    )
    sheet.shadow(at("M-96 300Q0 338 98 298"), 14, 0.5)
    crown = at(
        "M-92 296C-96 230 -84 168 -58 146C-34 130 -18 150 0 152C20 150 36 130 60 146"
        "C86 168 96 230 92 296Q0 334 -92 296Z"
    )
    sheet.piece(
        crown,
        folds=[at("M-46 158Q-10 190 44 160"), at("M-30 180Q-44 230 -40 280"), at("M60 190Q76 240 72 280")],
        fold_width=14,
    )
    sheet.mark(at("M-94 264Q0 306 94 264L92 297Q0 336 -92 297Z"), sheet.dye.deep)
    sheet.mark(at("M62 276L88 262L96 298L70 308Z"), sheet.dye.deep)
    sheet.mark(at("M-92 268Q0 310 92 268M66 278L72 306"), sheet.dye.light, 1, 0.45)


def bucket_hat(sheet: Sheet) -> None:
    sheet.piece(
        whole("M0 126C52 126 76 140 80 160L94 256Q50 276 0 276"),
        seams=at("M0 126L0 276"),
        stitches=at("M-78 168Q0 186 78 168M-79 174Q0 192 79 174"),
        folds=[at("M-50 180Q-60 230 -60 264"), at("M56 184Q66 230 68 262")],
    )
    brim = "".join(
        f"M{-96 - step * 8} {270 + step * 15}Q0 {300 + step * 17} {96 + step * 8} {270 + step * 15}"
        for step in range(5)
    )
    sheet.shadow(at("M-90 262Q0 284 90 262"), 10, 0.4)
    sheet.piece(
        whole("M0 280Q60 278 95 254C112 290 134 318 140 340C120 372 60 384 0 384"),
        stitches=at(brim),
        folds=[both("M104 290Q120 320 122 352")],
        fold_width=12,
    )


def scarf(sheet: Sheet) -> None:
    """Once round the neck, two ends hanging, fringed."""
    for x, foot in ((-58, 408), (14, 446)):
        fringe = "".join(
            f"M{x + step} {foot - 3}L{x + step + (step % 3 - 1) * 1.5:g} {foot + 22}" for step in range(3, 62, 5)
        )
        sheet.mark(at(fringe), sheet.dye.base, 2.6)
        sheet.mark(at(fringe), sheet.dye.shade, 0.9)
        sheet.piece(
            at(f"M{x + 6} 186L{x + 58} 186Q{x + 66} 280 {x + 64} {foot}L{x} {foot}Q{x - 4} 280 {x + 6} 186Z"),
            folds=[
                at(f"M{x + 22} 190Q{x + 16} 300 {x + 20} {foot - 4}"),
                at(f"M{x + 48} 190Q{x + 50} 300 {x + 46} {foot - 4}"),
            ],
            fold_width=11,
        )
    sheet.piece(whole("M0 70C60 68 98 88 98 120Q60 106 0 106"), fill=sheet.dye.shade)
    sheet.shadow(at("M-46 206Q-20 216 -4 214M24 214Q50 214 66 200"), 12, 0.5)
    sheet.piece(
        at("M-98 112C-104 160 -66 206 0 208C66 206 104 160 98 112C76 142 40 156 0 156C-40 156 -76 142 -98 112Z"),
        folds=[at("M-90 142Q-40 186 20 184"), at("M84 138Q50 172 -6 172"), at("M-60 186Q0 206 50 192")],
        fold_width=10,
    )


def tote(sheet: Sheet) -> None:
    for y, tone in ((104, sheet.dye.shade), (112, sheet.dye.base)):
        sheet.mark(at(f"M-54 216C-54 {y - 40} 54 {y - 40} 54 216"), sheet.dye.deep, 13)
        sheet.mark(at(f"M-54 216C-54 {y - 40} 54 {y - 40} 54 216"), tone, 11.4)
    sheet.piece(
        whole("M0 194L118 190L130 424Q126 434 112 434L0 436"),
        folds=[at("M-90 214Q-70 320 -102 420"), at("M84 220Q64 320 98 424"), at("M-40 436Q-20 380 30 372")],
        fold_width=14,
        stitches=at("M-118 202Q0 206 118 202M-118 206Q0 210 118 206"),
    )
    for x in (-54, 54):
        sheet.piece(
            at(f"M{x - 7} 196L{x + 7} 196L{x + 7} 250L{x - 7} 250Z"),
            stitches=at(f"M{x - 4} 222L{x + 4} 222L{x + 4} 246L{x - 4} 246Z"),
        )
    sheet.mark(at("M-24 318L24 318L24 342L-24 342Z"), "#f3ece0", opacity=0.9)
    sheet.mark(at("M-14 327L14 327M-9 333L9 333"), "#7d6b58", 1.4)


def crossbody(sheet: Sheet) -> None:
    """A half-moon of leather on a long strap."""
    strap = at("M-112 262C-150 60 150 60 112 262")
    for colour, width in ((sheet.dye.deep, 9.5), (sheet.dye.base, 7.6)):
        sheet.mark(strap, colour, width)
    sheet.mark(strap, sheet.dye.light, 1, 0.5)
    sheet.piece(
        whole("M0 244Q74 240 122 258C140 330 104 412 0 414"),
        folds=[at("M-100 300Q-84 380 -20 402"), at("M104 300Q90 380 20 402")],
        fold_width=16,
        stitches=at("M-126 268C-132 340 -96 406 0 407C96 406 132 340 126 268"),
    )
    sheet.shadow(at("M-116 286Q-90 366 0 368Q90 366 116 286"), 12, 0.42)
    sheet.piece(
        whole("M0 238Q76 236 124 256C126 310 84 354 0 356"),
        stitches=at("M-118 262C-118 312 -78 348 0 349C78 348 118 312 118 262"),
        folds=[at("M-80 270Q-20 262 50 276")],
        fold_width=18,
    )
    for x in (-113, 113):
        sheet.mark(at(f"M{x - 7} 252L{x + 7} 252L{x + 7} 268L{x - 7} 268Z"), BRASS, 2.6)
    sheet.mark(at("M-9 340L9 340L9 362L-9 362Z"), BRASS)
    sheet.mark(at("M-5 351L5 351"), "#7d6534", 2)


def backpack(sheet: Sheet) -> None:
    sheet.mark(at("M-18 84C-18 56 18 56 18 84"), sheet.dye.deep, 9)
    sheet.mark(at("M-18 84C-18 56 18 56 18 84"), LEATHER, 7)
    sheet.piece(
        whole("M0 80C70 78 98 96 102 140L110 400Q110 430 84 432L0 434"),
        folds=[at("M-88 150Q-94 280 -92 410"), at("M84 150Q92 280 90 410")],
        fold_width=14,
    )
    sheet.piece(
        whole("M0 286L82 284Q88 290 88 310L86 410Q84 420 74 420L0 421"),
        stitches=at("M-82 294Q0 298 82 294M-80 412Q0 416 80 412"),
        folds=[at("M-70 320Q-74 370 -66 408")],
    )
    sheet.shadow(at("M-90 262Q0 284 90 262"), 12, 0.42)
    sheet.piece(
        whole("M0 78C72 76 100 96 104 140L104 232Q100 262 70 264L0 268"),
        stitches=at("M-98 140L-98 230Q-94 256 -68 258L0 262L68 258Q94 256 98 230L98 140"),
        folds=[at("M-70 110Q0 96 70 112")],
        fold_width=14,
    )
    for x in (-48, 48):
        sheet.mark(at(f"M{x - 8} 180L{x + 8} 180L{x + 8} 340L{x} 348L{x - 8} 340Z"), LEATHER)
        sheet.mark(at(f"M{x - 5} 184L{x - 5} 338M{x + 5} 184L{x + 5} 338"), "#c99b6e", 0.9, 0.8)
        sheet.mark(at(f"M{x - 12} 268L{x + 12} 268L{x + 12} 292L{x - 12} 292Z"), BRASS, 2.8)
        sheet.mark(at(f"M{x} 270L{x} 290"), BRASS, 2.2)


def socks(sheet: Sheet) -> None:
    shape = "M{a} 70L{b} 70L{b} 268C{b} 300 {c} 320 {d} 356C{e} 400 {f} 420 {g} 412C{h} 400 {h} 370 {i} 338L{a} 260Z"
    for left in (34.0, -74.0):
        names = {
            "a": left,
            "b": left + 74,
            "c": left + 70,
            "d": left + 18,
            "e": left - 8,
            "f": left - 50,
            "g": left - 72,
            "h": left - 88,
            "i": left - 26,
        }
        outline = at(shape.format(**names))
        sheet.piece(
            outline,
            folds=[
                at(f"M{left + 58} 130Q{left + 62} 230 {left + 46} 300"),
                at(f"M{left + 8} 300Q{left - 10} 350 {left - 40} 370"),
                at(f"M{left + 6} 250Q{left + 30} 270 {left + 60} 262"),
            ],
        )
        ribs = "".join(f"M{left + step} 68L{left + step} 108" for step in range(5, 74, 7))
        sheet.piece(at(f"M{left - 1} 66L{left + 75} 66L{left + 75} 110L{left - 1} 110Z"), seams=at(ribs), weave=False)
        sheet.piece(
            at(f"M{left + 74} 262C{left + 76} 300 {left + 62} 328 {left + 36} 336Q{left + 26} 300 {left + 74} 262Z"),
            fill=sheet.dye.shade,
        )
        sheet.piece(
            at(
                f"M{left - 54} 354C{left - 34} 372 {left - 30} 398 {left - 40} 419Q{left - 66} 420 {left - 76} 410"
                f"C{left - 88} 396 {left - 84} 376 {left - 54} 354Z"
            ),
            fill=sheet.dye.shade,
        )


def belt(sheet: Sheet) -> None:
    """Rolled up as it lies in its drawer, the buckle outward."""
    sheet.piece(
        at("M-120 250C-120 150 120 150 120 250L120 318C120 414 -120 414 -120 318Z"),
        fill=sheet.dye.shade,
        folds=[at("M-100 330Q0 400 100 330")],
        fold_width=16,
    )
    sheet.mark(at("M-104 250C-104 172 104 172 104 250C104 316 -104 316 -104 250Z"), sheet.dye.deep)
    for step in range(5):
        x, y = 100 - step * 19, 250 - step * 1.5
        ring = at(
            f"M-{x} {y}C-{x} {y - x * 0.72:g} {x} {y - x * 0.72:g} {x} {y}"
            f"C{x} {y + x * 0.62:g} -{x} {y + x * 0.62:g} -{x} {y}Z"
        )
        sheet.mark(ring, sheet.dye.base, 6)
        sheet.mark(ring, sheet.dye.light, 1, 0.5)
    sheet.piece(
        at("M-120 252C-116 330 116 330 120 252L120 318C116 398 -116 398 -120 318Z"),
        folds=[at("M-96 330Q0 380 96 330")],
        fold_width=16,
        stitches=at("M-119 262C-112 338 112 338 119 262M-119 311C-112 388 112 388 119 311"),
    )
    sheet.mark(at("M-22 300L40 298L40 390L-22 390Z"), "#7d6534", 9)
    sheet.mark(at("M-22 299L40 297L40 389L-22 389Z"), BRASS, 6.5)
    sheet.mark(at("M38 343L-26 345"), BRASS, 5)
