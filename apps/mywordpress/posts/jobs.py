"""The worker's part: what is scheduled is published, posts learn of renditions, the trash is emptied."""

from contextlib import suppress

from sqlalchemy.orm import Session

from apps.chassis.jobs import Jobs, Work
from apps.mywordpress.freshness import changed
from apps.mywordpress.posts.history import EditLock
from apps.mywordpress.posts.models import Post
from apps.mywordpress.posts.states import PostGone

jobs = Jobs()

MOST_AT_ONCE = 50
MOST_DUE = 1_000
LEAST_SECONDS = 10.0


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


@jobs.cadence("/every/day")
def empty_trash_of_posts(work: Work) -> None:
    """Delete for good what has been in the trash for a month."""
    with work.transaction() as db:
        waiting = Post.note_trashed(db)
    for post_id in waiting:
        if work.remaining_seconds < LEAST_SECONDS:
            return
        with work.transaction() as db:
            throw_away(db, post_id)


def throw_away(db: Session, post_id: int) -> None:
    """Delete this post, unless somebody has restored or deleted it meanwhile."""
    post = db.get(Post, post_id)
    with suppress(PostGone):
        if post is not None and post.is_long_in_trash(db):
            post.delete(db)
            # Pages below it have moved up.
            changed()


@jobs.cadence("/every/minute")
def heal_posts(work: Work) -> None:
    """The same for all pictures, whatever became of their message."""
    render_late(work.db, None)


def render_late(db: Session, picture_id: int | None) -> None:
    """Render again some posts that were saved before this picture, or any (None), had its renditions."""
    late = Post.rendered_without_renditions(db, picture_id=picture_id, limit=MOST_AT_ONCE)
    if [post for post in late if post.render_again(db)]:
        changed()
