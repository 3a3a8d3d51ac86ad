"""The sizes in which a picture is there, by WordPress's names for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath

from apps.mywordpress.media.models import Attachment, Rendition

NAMES = {300: "medium", 600: "medium_large", 1200: "large"}


@dataclass(frozen=True, slots=True)
class Size:
    """A file, and what it measures in pixels and in bytes."""

    key: str
    width: int
    height: int
    bytes: int
    mime_type: str

    @property
    def name(self) -> str:
        """What the file is called."""
        return PurePath(self.key).name

    @property
    def url(self) -> str:
        return f"/media/{self.key}"


def sizes_of(one: Attachment) -> Mapping[str, Size]:
    """Those of a picture, the smallest first: of its renditions, and `full`; `thumbnail` is the smallest there is."""
    smaller = {NAMES.get(small.width, f"w{small.width}"): _size(one, small) for small in one.renditions}
    full = _size(one, one)
    # Programs that ask for a thumbnail expect one.
    return {"thumbnail": next(iter(smaller.values()), full), **smaller, "full": full}


def _size(one: Attachment, file: Attachment | Rendition) -> Size:
    suffix = file.key.rpartition(".")[2]
    # What is smaller may be of another type than the picture itself.
    mime_type = one.content_type if one.key.endswith(suffix) else f"image/{suffix}"
    return Size(file.key, file.width, file.height, file.size, mime_type)
