"""The worker's part: posts that show a picture learn of its renditions."""

from apps.chassis.jobs import Jobs, Work
from apps.mywordpress.posts.models import Post
from apps.mywordpress.posts.pages import forget

jobs = Jobs()

MOST_AT_ONCE = 50


@jobs.job("show_renditions")
def show_renditions(work: Work, picture_id: int) -> None:
    """Render again the posts that were saved before this picture had its renditions."""
    _render(work, picture_id)


@jobs.cadence("/every/minute")
def heal_posts(work: Work) -> None:
    """The same for all pictures, whatever became of their message."""
    _render(work, None)


def _render(work: Work, picture_id: int | None) -> None:
    late = Post.rendered_without_renditions(work.db, picture_id=picture_id, limit=MOST_AT_ONCE)
    slugs = [post.slug for post in late if post.render_again(work.db)]
    if slugs:
        forget(work.cache, *slugs)
