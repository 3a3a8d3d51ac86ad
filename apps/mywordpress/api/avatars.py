"""Pictures of people as files: their initials on a tint."""

from html import escape

from flask import Response, abort, request

from apps.mywordpress.accounts.avatars import TINTS

MOST_LETTERS, LARGEST = 2, 512
# Dark enough for white letters, each as dark as the others.
COLOURS = ("#8a3b3b", "#7a4a12", "#5d5a10", "#2f6630", "#0f6664", "#2b5d8a", "#5a4a9c", "#8a3a78")
PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}" viewBox="0 0 96 96">'
    '<rect width="96" height="96" fill="{colour}"/><text x="48" y="50" fill="#fff" font-family="sans-serif"'
    ' font-size="40" text-anchor="middle" dominant-baseline="middle">{letters}</text></svg>'
)


def drawn(tint: int, letters: str) -> Response:
    """The picture of this tint with these letters."""
    if tint >= TINTS or len(letters) > MOST_LETTERS:
        abort(404)
    size = min(request.args.get("s", 96, type=int), LARGEST)
    picture = PICTURE.format(size=max(size, 1), colour=COLOURS[tint], letters=escape(letters))
    response = Response(picture, content_type="image/svg+xml")
    response.cache_control.public, response.cache_control.max_age = True, 30 * 24 * 3600
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
