"""Comments, in the item of their post."""

from collections.abc import Iterator

from apps.mywordpress.comments.models import Comment, State
from apps.mywordpress.wxr.export.lines import element, line
from apps.mywordpress.wxr.export.numbering import Exporting
from apps.mywordpress.wxr.making.comments import written
from apps.mywordpress.wxr.values import gmt, local, marked

APPROVED = {State.HOLD.value: "0"}


def comment(exporting: Exporting, one: Comment) -> Iterator[str]:
    """A comment as WordPress writes it."""
    yield from element(
        "wp:comment",
        line("wp:comment_id", one.id),
        line("wp:comment_author", marked(one.name)),
        line("wp:comment_author_email", one.email),
        line("wp:comment_author_url", one.url),
        line("wp:comment_author_IP", one.address),
        line("wp:comment_date", local(one.created_at, exporting.zone)),
        line("wp:comment_date_gmt", gmt(one.created_at)),
        line("wp:comment_content", written(one)),
        line("wp:comment_approved", "1" if one.approved else APPROVED.get(one.state, one.state)),
        line("wp:comment_type", one.kind),
        line("wp:comment_parent", one.parent_id or 0),
        line("wp:comment_user_id", one.user_id or 0),
    )
