"""Shoes, in pairs, seen from the side: the far one first."""

from collections.abc import Callable

from tools.garments.cloth import Sheet
from tools.garments.path import at

Shoe = Callable[[Sheet, float, float], None]


def pair(
    sheet: Sheet, shoe: Shoe, *, back: tuple[float, float] = (34, -92), front: tuple[float, float] = (-8, 52)
) -> None:
    shoe(sheet, *back)
    shoe(sheet, *front)


def moved(path: str, dx: float, dy: float) -> str:
    """The path, written for a shoe that points left and stands on y = 330, moved to its place."""
    parts = []
    for word in (
        path.replace("M", " M ").replace("L", " L ").replace("C", " C ").replace("Q", " Q ").replace("Z", " Z ").split()
    ):
        if word in "MLCQZ":
            parts.append(word)
            odd = False
        else:
            parts.append(f"{float(word) + (dy if odd else dx):g}")
            odd = not odd
    return at(" ".join(parts))


def sole(sheet: Sheet, x: float, y: float, colour: str = "#3a2a20", *, heel: bool = True) -> None:
    flat = (
        "M-152 312C-156 326 -140 332 -110 332L-10 330L40 326L142 326L146 306Z"
        if heel
        else "M-154 300C-162 322 -150 334 -124 334L136 334Q152 332 152 304Z"
    )
    sheet.piece(moved(flat, x, y), fill=colour, weave=False)
    if heel:
        sheet.piece(moved("M70 320L144 318L142 344L72 344Z", x, y), fill=colour, weave=False)


def loafer(sheet: Sheet, x: float, y: float) -> None:
    sheet.piece(moved("M-30 262Q40 236 120 226L132 260L0 290Z", x, y), fill=sheet.dye.shade, weave=False)
    sole(sheet, x, y)
    upper = (
        "M-152 314C-158 286 -132 268 -92 258C-66 250 -48 236 -28 224C-16 240 10 262 60 258"
        "C92 254 112 240 128 220C140 226 144 250 146 312Q0 322 -152 314Z"
    )
    sheet.piece(
        moved(upper, x, y),
        folds=[
            moved("M-60 262Q-30 290 -34 312", x, y),
            moved("M60 264Q90 280 132 262", x, y),
            moved("M-136 296Q-110 276 -70 270", x, y),
        ],
        seams=moved("M92 250L96 316", x, y),
    )
    sheet.seam(moved("M-146 290C-120 272 -84 268 -40 286", x, y))
    strap = "M-52 240Q-40 226 -26 222C-12 236 2 250 26 258L14 312L-22 312C-34 290 -46 262 -52 240Z"
    sheet.piece(moved(strap, x, y), stitches=moved("M-46 242C-40 264 -28 290 -16 310M18 260L8 310", x, y))
    sheet.mark(moved("M-28 262Q-10 252 8 262Q-8 276 -28 262Z", x, y), sheet.dye.deep)


def derby(sheet: Sheet, x: float, y: float) -> None:
    sole(sheet, x, y)
    sheet.piece(moved("M-22 216C-8 194 8 184 20 192C31 200 33 222 30 240L-10 256Z", x, y), fill=sheet.dye.shade)
    upper = (
        "M-152 314C-158 288 -134 272 -98 262C-66 252 -46 230 -26 212C-4 230 44 240 84 230"
        "Q112 222 128 204C140 214 146 250 146 312Q0 322 -152 314Z"
    )
    sheet.piece(
        moved(upper, x, y),
        folds=[
            moved("M-66 264Q-44 286 -50 314", x, y),
            moved("M80 244Q110 262 134 244", x, y),
            moved("M-138 298Q-112 280 -74 274", x, y),
        ],
        stitches=moved("M96 238Q88 280 96 316M-96 264Q-72 288 -78 316", x, y),
    )
    sheet.piece(
        moved("M-50 240L-24 210C-2 228 30 236 54 234L36 276Q0 286 -26 278Z", x, y),
        stitches=moved("M-44 242L-22 272Q4 280 32 271L48 238", x, y),
    )
    for step in range(4):
        sheet.mark(moved(f"M{-36 + step * 14} {242 + step * 5}L{-14 + step * 13} {226 + step * 4}", x, y), "#e9dfcb", 3)


def boot(sheet: Sheet, x: float, y: float) -> None:
    """An ankle boot with an elastic gore."""
    sole(sheet, x, y)
    sheet.piece(moved("M-14 146L116 140L112 166L-6 168Z", x, y), fill=sheet.dye.shade, weave=False)
    upper = (
        "M-152 314C-156 290 -132 274 -98 264C-58 252 -30 230 -20 150Q50 164 124 144"
        "C132 190 142 250 146 312Q0 322 -152 314Z"
    )
    sheet.piece(
        moved(upper, x, y),
        folds=[
            moved("M-22 220Q10 244 20 276", x, y),
            moved("M100 180Q120 240 128 300", x, y),
            moved("M-136 298Q-110 280 -66 272", x, y),
        ],
        seams=moved("M90 158Q84 250 96 318", x, y),
    )
    gore = "".join(f"M{28 + step * 6} 162L{32 + step * 5} 250" for step in range(8))
    sheet.piece(moved("M24 158L80 154L70 252Q52 264 36 252Z", x, y), fill=sheet.dye.deep, weave=False)
    sheet.mark(moved(gore, x, y), sheet.dye.light, 0.8, 0.35)
    sheet.piece(moved("M108 142L122 140L124 112L112 112Z", x, y), weave=False)


def trainer(sheet: Sheet, x: float, y: float) -> None:
    sheet.piece(
        moved("M-36 224C-20 202 -4 188 10 192C24 196 32 220 34 240L-8 262Z", x, y), fill=sheet.dye.shade, weave=False
    )
    upper = (
        "M-154 306C-158 284 -136 272 -104 264C-72 256 -46 232 -24 206"
        "C0 226 46 240 84 230Q108 222 122 202C140 214 148 250 150 306Z"
    )
    sheet.piece(
        moved(upper, x, y),
        folds=[moved("M-70 268Q-54 284 -58 304", x, y), moved("M90 240Q116 262 138 240", x, y)],
        stitches=moved("M-98 266Q-78 284 -86 306M96 230Q84 270 96 306", x, y),
    )
    sheet.piece(
        moved("M98 236Q120 226 126 204C142 216 148 240 150 276L104 280Z", x, y), fill=sheet.dye.shade, weave=False
    )
    sheet.piece(
        moved("M-52 240L-24 206C0 224 24 234 48 236L24 282Q-8 288 -28 276Z", x, y),
        stitches=moved("M-46 242L-22 272Q-4 280 20 276L40 240", x, y),
        weave=False,
    )
    for step in range(5):
        sheet.mark(moved(f"M{-38 + step * 13} {248 + step * 5}L{-18 + step * 12} {224 + step * 4}", x, y), "#f6f1e6", 4)
    sole(sheet, x, y, "#f1ebdf", heel=False)
    sheet.mark(moved("M-150 318L148 316", x, y), "#b9ae9d", 1.2)


def sandal(sheet: Sheet, x: float, y: float) -> None:
    sheet.piece(
        moved("M-154 306C-160 320 -148 330 -124 330L140 330Q150 328 150 308Q60 290 0 302Q-90 312 -154 306Z", x, y),
        fill="#b98b5c",
        weave=False,
    )
    sheet.mark(moved("M-150 324L148 322", x, y), "#5f4128", 4, 0.7)
    for strap in (
        "M-128 308C-120 262 -86 244 -56 254L-30 304L-58 307C-74 280 -92 280 -100 309Z",
        "M56 300L40 214L58 208L84 298Z",
        "M44 226C70 196 120 206 134 240L142 304L122 304L116 252C104 228 74 226 52 246Z",
    ):
        sheet.piece(moved(strap, x, y), folds=[moved("M-110 280Q-84 262 -54 276", x, y)])
    sheet.mark(moved("M48 232L60 228L64 242L52 246Z", x, y), "#c2a05e", 2.4)


def loafers(sheet: Sheet) -> None:
    pair(sheet, loafer)


def derbies(sheet: Sheet) -> None:
    pair(sheet, derby)


def boots(sheet: Sheet) -> None:
    pair(sheet, boot, back=(34, -76), front=(-8, 72))


def trainers(sheet: Sheet) -> None:
    pair(sheet, trainer)


def sandals(sheet: Sheet) -> None:
    pair(sheet, sandal)
