"""The stored files over HTTP. What nginx serves on Beanstalk, it serves with the very same headers."""

from flask import Response, abort, send_file

from apps.chassis.context import storage
from apps.chassis.languages import gettext as _
from apps.chassis.storage import NotStored
from apps.mywordpress.media.kinds import BY_SUFFIX, Family

# None of them needs anything of our origin, even if a browser could be brought to take it for a page.
POLICY = "default-src 'none'; sandbox"
# Browsers make a page around what is to be heard, which then asks for the file as any page of its origin would.
SOUND_POLICY = "default-src 'none'; media-src 'self'; sandbox allow-same-origin"
YEAR_SECONDS = 365 * 24 * 3600


def sent(key: str) -> Response:
    """The file under this key, or a part of it that was asked for. It never changes, so whoever has it need never ask.

    What a browser could run, such as a PDF, it is told to save. Raises StorageUnavailable: where the storage is away,
    nobody is told that there is no such file.
    """
    kind = BY_SUFFIX.get(key.rpartition(".")[2])
    try:
        path = storage().path(key)
        storage().open(key).close()
    except NotStored:
        kind = None
    if kind is None:
        abort(404, _("There is no such file."))
    response = send_file(path, mimetype=kind.mime_type, etag=key[6:22], max_age=YEAR_SECONDS)
    response.cache_control.immutable = True
    response.headers["Content-Security-Policy"] = SOUND_POLICY if kind.family is Family.SOUND else POLICY
    if kind.family is Family.DOCUMENT:
        response.headers["Content-Disposition"] = "attachment"
    return response
