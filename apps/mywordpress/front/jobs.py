"""The worker's part of the search."""

from sqlalchemy import select

from apps.chassis.epochs import turn
from apps.chassis.jobs import Jobs, Work
from apps.mywordpress.posts.models import Post
from apps.mywordpress.posts.words import INDEX, index

MOST_AT_ONCE = 50
SLOWEST_SECONDS = 5.0

jobs = Jobs()


@jobs.cadence("/every/minute")
def index_missing_posts(work: Work) -> None:
    """Index what search does not know as it is: posts from before there was an index, and those whose terms changed."""
    while work.remaining_seconds > SLOWEST_SECONDS:
        with work.transaction() as db:
            missing = db.scalars(select(Post).where(~INDEX.has(Post.id)).order_by(Post.id).limit(MOST_AT_ONCE)).all()
            for post in missing:
                index(db, post)
            if missing:
                # What was searched for is kept, too.
                turn(db)
        if len(missing) < MOST_AT_ONCE:
            return
