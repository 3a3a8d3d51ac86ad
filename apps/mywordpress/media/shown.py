"""A picture as pages show it, whoever read it from the database."""

from typing import NamedTuple

# Beyond this a browser gains nothing, and a reader on a large screen would load the camera's own file.
LARGEST_IN_SRCSET = 2600


class Size(NamedTuple):
    """A smaller copy of a picture."""

    key: str
    width: int


class Shown(NamedTuple):
    """A picture's own file and its smaller copies, the smallest first."""

    key: str
    width: int
    height: int
    sizes: tuple[Size, ...]

    @property
    def srcset(self) -> str:
        """The `srcset` of an `img`; empty until there are smaller copies."""
        if not self.sizes:
            return ""
        own = [f"/media/{self.key} {self.width}w"] if self.width <= LARGEST_IN_SRCSET else []
        return ", ".join([f"/media/{one.key} {one.width}w" for one in self.sizes] + own)

    @property
    def src(self) -> str:
        """Where an `img` finds it without `srcset`: the largest copy, else the file itself."""
        return f"/media/{self.sizes[-1].key if self.sizes else self.key}"

    @property
    def thumbnail(self) -> str:
        """The smallest there is."""
        return f"/media/{self.sizes[0].key if self.sizes else self.key}"
