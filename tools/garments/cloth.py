"""A sheet of drawing paper that knows cloth: dye, weave, folds, seams, and the shadow a garment throws."""

import colorsys
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 400, 500

# Each weave is one small tile; {d} is its dark thread and {l} its light one.
WEAVES = {
    "plain": "",
    "knit": '<pattern id="w" width="8" height="7" patternUnits="userSpaceOnUse"><path d="M0 0L4 6L8 0" fill="none" '
    'stroke="{d}" stroke-opacity=".26" stroke-width="1.3"/><path d="M4 0V7" '
    'stroke="{d}" stroke-opacity=".16"/></pattern>',
    "fine": '<pattern id="w" width="4" height="5" patternUnits="userSpaceOnUse"><path d="M0 .5L2 3L4 .5" fill="none" '
    'stroke="{d}" stroke-opacity=".2"/></pattern>',
    "rib": '<pattern id="w" width="6" height="6" patternUnits="userSpaceOnUse"><path d="M1.5 0V6" stroke="{d}" '
    'stroke-opacity=".3" stroke-width="1.6"/><path d="M4 0V6" stroke="{l}" stroke-opacity=".22"/></pattern>',
    "twill": '<pattern id="w" width="4" height="4" patternUnits="userSpaceOnUse"><path d="M-1 1L1-1M0 4L4 0M3 5L5 3" '
    'stroke="{l}" stroke-opacity=".22" stroke-width=".9"/></pattern>',
    "linen": '<pattern id="w" width="9" height="9" patternUnits="userSpaceOnUse"><path d="M0 2H5M3 6H9M2 0V4M7 3V9" '
    'stroke="{d}" stroke-opacity=".15" stroke-width=".8"/><path d="M5 4H9M0 '
    '8H4M5 0V3" stroke="{l}" stroke-opacity=".3" '
    'stroke-width=".8"/></pattern>',
    "check": '<pattern id="w" width="44" height="44" patternUnits="userSpaceOnUse"><path '
    'd="M11 0V44M0 11H44" stroke="{d}" '
    'stroke-opacity=".28" stroke-width="12"/><path d="M33 0V44M0 33H44" stroke="{l}" stroke-opacity=".4" '
    'stroke-width="1.6"/></pattern>',
    "stripe": '<pattern id="w" width="24" height="22" patternUnits="userSpaceOnUse"><path d="M0 11H24" stroke="{c}" '
    'stroke-opacity=".85" stroke-width="7"/></pattern>',
    "pinstripe": '<pattern id="w" width="11" height="11" patternUnits="userSpaceOnUse"><path d="M5 0V11" stroke="{d}" '
    'stroke-opacity=".32" stroke-width="1.2"/></pattern>',
    "print": '<pattern id="w" width="46" height="52" patternUnits="userSpaceOnUse"><g '
    'fill="{l}" fill-opacity=".72"><path '
    'd="M12 8q5 7 0 15q-5-8 0-15M35 34q5 7 0 15q-5-8 0-15"/><circle cx="34" cy="12" r="2.4"/><circle cx="11" cy="38" '
    'r="2.4"/></g></pattern>',
    "quilt": '<pattern id="w" width="42" height="42" patternUnits="userSpaceOnUse"><path d="M0 0L42 42M42 0L0 42" '
    'stroke="{d}" stroke-opacity=".45" stroke-width="1.3"/><path d="M21 4L38 '
    '21M0 25L17 42" stroke="{l}" stroke-opacity=".25" '
    'stroke-width="3"/></pattern>',
}


@dataclass(frozen=True)
class Dye:
    """One colour and its company: what it is in shadow, in a deep fold, and in light."""

    base: str
    shade: str
    deep: str
    light: str
    contrast: str

    @classmethod
    def of(cls, colour: str) -> "Dye":
        red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
        hue, lightness, saturation = colorsys.rgb_to_hls(red, green, blue)

        def tone(factor: float, lift: float = 0.0) -> str:
            mixed = colorsys.hls_to_rgb(hue, min(1.0, lightness * factor + lift), saturation * 0.92)
            return "#" + "".join(f"{round(channel * 255):02x}" for channel in mixed)

        contrast = "#2f3a56" if lightness > 0.55 else "#efe6d6"
        return cls(colour, tone(0.8), tone(0.44), tone(0.72, 0.28), contrast)


class Sheet:
    """Pieces are laid one over the other, in the order in which they are drawn."""

    def __init__(self, dye: Dye, weave: str = "plain") -> None:
        self.dye, self.weave = dye, weave
        self.button_colour = dye.light
        self._shapes: list[str] = []
        self._layers: list[str] = []

    def piece(
        self,
        outline: str,
        *,
        fill: str | None = None,
        folds: Sequence[str] = (),
        seams: str = "",
        stitches: str = "",
        weave: bool = True,
        fold_width: float = 9,
    ) -> None:
        """A cut piece of cloth: its folds and seams are drawn inside its outline only."""
        number = len(self._shapes)
        self._shapes.append(f'<path id="p{number}" d="{outline}"/>')
        woven = f'<use href="#p{number}" fill="url(#w)"/>' if weave and WEAVES[self.weave] else ""
        edge = f'<use href="#p{number}" fill="none" stroke="{self.dye.deep}" stroke-width="1.3" stroke-opacity=".6"/>'
        self._layers.append(
            f'<use href="#p{number}" fill="{fill or self.dye.base}"/><g clip-path="url(#c{number})">{woven}'
            f'{self._soft(folds, fold_width)}<use href="#p{number}" fill="url(#g)"/>'
            f"{self._seam(seams)}{self._stitch(stitches)}</g>{edge}"
        )

    def shadow(self, path: str, width: float = 10, opacity: float = 0.3) -> None:
        """A soft dark stroke over what is drawn so far, as where one piece lies on another."""
        self._layers.append(
            f'<path d="{path}" fill="none" stroke="{self.dye.deep}" stroke-width="{width}" stroke-opacity="{opacity}" '
            'stroke-linecap="round" filter="url(#b)"/>'
        )

    def seam(self, path: str) -> None:
        self._layers.append(self._seam(path))

    def stitch(self, path: str) -> None:
        self._layers.append(self._stitch(path))

    def button(self, x: float, y: float, size: float = 1) -> None:
        scale = f" scale({size:g})" if size != 1 else ""
        self._layers.append(f'<use href="#k" transform="translate({x + 200:g} {y:g}){scale}"/>')

    def mark(self, path: str, colour: str, width: float = 0.0, opacity: float = 1) -> None:
        """Something that is not of this cloth: a buckle, a lace, a sole. A width of 0 fills it."""
        paint = (
            f'fill="none" stroke="{colour}" stroke-width="{width:g}" stroke-linecap="round"'
            if width
            else f'fill="{colour}"'
        )
        self._layers.append(f'<path d="{path}" {paint} opacity="{opacity:g}"/>')

    def svg(self, title: str) -> str:
        clips = "".join(f'<clipPath id="c{n}"><use href="#p{n}"/></clipPath>' for n in range(len(self._shapes)))
        cast = "".join(f'<use href="#p{n}"/>' for n in range(len(self._shapes)))
        weave = WEAVES[self.weave].format(d=self.dye.deep, l=self.dye.light, c=self.dye.contrast)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH * 2}" '
            f'height="{HEIGHT * 2}"><title>{title}</title><defs>{"".join(self._shapes)}{clips}{weave}'
            '<linearGradient id="g" gradientUnits="userSpaceOnUse" x1="60" y1="40" x2="350" y2="470">'
            '<stop stop-color="#fff" stop-opacity=".16"/><stop offset=".45" stop-color="#fff" stop-opacity="0"/>'
            f'<stop offset="1" stop-color="{self.dye.deep}" stop-opacity=".34"/></linearGradient>'
            f'<g id="k"><circle cx=".8" cy="1.3" r="3.7" fill="{self.dye.deep}" fill-opacity=".5"/><circle r="3.6" '
            f'fill="{self.button_colour}" stroke="{self.dye.deep}" stroke-opacity=".6" '
            'stroke-width=".8"/><path d="M-1 0h2" '
            f'stroke="{self.dye.deep}" stroke-opacity=".7"/></g>'
            '<filter id="b" x="-20%" y="-20%" width="140%" height="140%"><feGaussianBlur stdDeviation="5.5"/></filter>'
            '<filter id="s" x="-20%" y="-20%" width="140%" height="140%"><feGaussianBlur '
            'stdDeviation="9"/></filter></defs>'
            f'<g filter="url(#s)" fill="#2a1c12" opacity=".3" transform="translate(6 13)">{cast}</g>'
            f"{''.join(self._layers)}</svg>\n"
        )

    def _soft(self, folds: Sequence[str], width: float) -> str:
        if not folds:
            return ""
        path = "".join(folds)
        return (
            f'<g filter="url(#b)" fill="none" stroke-linecap="round"><path d="{path}" stroke="{self.dye.deep}" '
            f'stroke-opacity=".38" stroke-width="{width:g}"/><path d="{path}" transform="translate(-{width:g} -1)" '
            f'stroke="{self.dye.light}" stroke-opacity=".42" stroke-width="{width * 0.7:g}"/></g>'
        )

    def _seam(self, path: str) -> str:
        return (
            f'<path d="{path}" fill="none" stroke="{self.dye.deep}" stroke-width="1.2" stroke-opacity=".55"/>'
            if path
            else ""
        )

    def _stitch(self, path: str) -> str:
        return (
            f'<path d="{path}" fill="none" stroke="{self.dye.deep}" stroke-width=".9" stroke-opacity=".5" '
            'stroke-dasharray="3 2"/>'
            if path
            else ""
        )
