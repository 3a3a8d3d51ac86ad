"""Files of the library as structs."""

from typing import Any

from apps.mywordpress.media.models import Attachment
from apps.mywordpress.media.sizes import Size, sizes_of
from apps.mywordpress.rpc.asked import Asked, gmt


def media_struct(asked: Asked, one: Attachment) -> dict[str, Any]:
    """As `wp.getMediaItem` tells it."""
    return {
        "attachment_id": str(one.id),
        "date_created_gmt": gmt(one.created_at),
        "parent": str(one.post_id or 0),
        "link": asked.url(one.url),
        "title": one.label,
        "caption": one.caption or "",
        "description": one.description or "",
        "metadata": _metadata(asked, one) if one.is_picture else {},
        "type": one.content_type,
        "thumbnail": asked.url(one.thumbnail if one.is_picture else one.url),
    }


def _metadata(asked: Asked, one: Attachment) -> dict[str, Any]:
    sizes = {name: _size(asked, size) for name, size in sizes_of(one).items() if name != "full"}
    whole = {"width": one.width, "height": one.height, "file": one.key, "filesize": one.size}
    return {**whole, "sizes": sizes, "image_meta": {}}


def _size(asked: Asked, size: Size) -> dict[str, Any]:
    # Each has a folder of its own, so its name alone leads nowhere.
    where = {"mime-type": size.mime_type, "source_url": asked.url(size.url)}
    return {"file": size.name, "width": size.width, "height": size.height, **where}
