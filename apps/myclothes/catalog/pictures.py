"""Where the pictures of the catalogue are: drawings are files of this release, others were uploaded."""

from functools import cache
from pathlib import Path
from urllib.parse import urljoin

from flask import request, url_for

from apps.chassis.assets import fingerprint
from apps.myclothes.catalog.photographs import NAME, NO_PICTURE

STATIC = Path(__file__).parent.parent / "static"


def picture_address(name: str, *, whole: bool = False) -> str:
    """The address of `products/x.svg` or of an uploaded one; else of the picture that stands for none."""
    if NAME.fullmatch(name.removeprefix("products/")):
        # By hand, for `url_for` would put the visitor's language into it.
        path = f"/pictures/{name.removeprefix('products/')}"
        return urljoin(request.url_root, path) if whole else path
    found = _found(name)
    return url_for("static", filename=found, v=fingerprint(STATIC / found), _external=whole)


@cache
def _found(name: str) -> str:
    return name if (STATIC / name).is_file() else NO_PICTURE
