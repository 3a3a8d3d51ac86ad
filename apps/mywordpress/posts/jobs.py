"""The worker's part: what is scheduled is published, and posts that show a picture learn of its renditions."""

from sqlalchemy.orm import Session

from apps.chassis.jobs import Jobs, Work
from apps.mywordpress.freshness import changed
from apps.mywordpress.posts.history import EditLock
from apps.mywordpress.posts.models import Post

jobs = Jobs()

MOST_AT_ONCE = 50
MOST_DUE = 1_000


@jobs.job("show_renditions")
def show_renditions(work: Work, picture_id: int) -> None:
    """Render again the posts that were saved before this picture had its renditions."""
    render_late(work.db, picture_id)


@jobs.cadence("/every/minute")
def publish_due_posts(work: Work) -> None:
    """Publish what is scheduled for now; of several workers, each post is published by one."""
    if list(Post.publish_due(work.db, limit=MOST_DUE)):
        changed()


@jobs.cadence("/every/day")
def sweep_locks(work: Work) -> None:
    """Forget who had a post open long ago."""
    EditLock.sweep(work.db)


@jobs.cadence("/every/minute")
def heal_posts(work: Work) -> None:
    """The same for all pictures, whatever became of their message."""
    render_late(work.db, None)


def render_late(db: Session, picture_id: int | None) -> None:
    """Render again some posts that were saved before this picture, or any (None), had its renditions."""
    late = Post.rendered_without_renditions(db, picture_id=picture_id, limit=MOST_AT_ONCE)
    if [post for post in late if post.render_again(db)]:
        changed()
