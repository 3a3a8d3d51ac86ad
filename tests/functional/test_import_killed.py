"""The worker is killed in the middle of an import: the import goes on, and makes everything once."""

import json
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from functools import partial

import pytest
from sqlalchemy import func, select, update

from apps.chassis.database import Database
from apps.mywordpress.accounts.models import User
from apps.mywordpress.comments.models import Comment
from apps.mywordpress.posts.models import Post
from tests.functional.writers import Writer
from tests.mywordpress.wxr.files import SMALL
from tests.support.sites import RunningSite
from tests.support.waiting import wait_until

POSTS = 300
ITEM = """<item><title>Post %(n)d</title><dc:creator>ines</dc:creator><guid>https://old.example/?p=%(id)d</guid>
<content:encoded><![CDATA[Words of post %(n)d.]]></content:encoded><wp:post_id>%(id)d</wp:post_id>
<wp:post_date_gmt>2021-01-01 00:00:00</wp:post_date_gmt><wp:post_name>post-%(n)d</wp:post_name>
<wp:status>publish</wp:status><wp:post_type>post</wp:post_type>
<wp:comment><wp:comment_id>%(id)d</wp:comment_id><wp:comment_author>Bo</wp:comment_author>
<wp:comment_date_gmt>2021-01-02 00:00:00</wp:comment_date_gmt><wp:comment_content>Comment %(n)d</wp:comment_content>
<wp:comment_approved>1</wp:comment_approved></wp:comment></item>"""


class Administrator(Writer):
    """The demo author, appointed, as somebody who imports."""

    def hand_in(self, data: str) -> str:
        head = '--sep\r\nContent-Disposition: form-data; name="file"; filename="long.xml"\r\n\r\n'
        body = f"{head}{data}\r\n--sep--\r\n".encode()
        status, headers, _ = self.send("POST", "/imports", body, "multipart/form-data; boundary=sep")
        assert status == 303
        return headers["Location"]

    def done(self, path: str) -> int:
        """How many parts are done; -1 when all is."""
        status, body = self.get(path)
        assert status == 200
        found = json.loads(body)
        return -1 if found["finished"] else int(found["done"])


def long_export() -> str:
    items = "\n".join(ITEM % {"n": number, "id": 1000 + number} for number in range(POSTS))
    return SMALL.read_text("utf-8").replace("</channel>", f"{items}</channel>")


def has_done(ada: Administrator, path: str, parts: int) -> bool:
    return ada.done(path) >= parts


@pytest.mark.long
def test_an_import_survives_the_death_of_its_worker(
    run_site: Callable[..., RunningSite], services: dict[str, str]
) -> None:
    site = run_site("mywordpress", services, worker=True)
    database = Database(site.plan.settings.database_url)
    with closing(database.writer()) as db, db.begin():
        db.execute(update(User).values(role="administrator"))
    ada = Administrator(site)
    ada.sign_in()
    path = ada.hand_in(long_export())
    assert ada.send("POST", f"{path}/start", b"", "application/x-www-form-urlencoded")[0] == 303
    for killed in range(2):
        wait_until(partial(has_done, ada, path, ada.done(path) + 40), 90)
        site.kill("worker")
        stopped = ada.done(path)
        assert 0 < stopped < 2 * POSTS, f"it was over before it was killed the {killed + 1}. time"
        site.start_worker()
    wait_until(lambda: ada.done(path) == -1, 240)
    with closing(database.writer()) as db:
        posts = Counter(db.scalars(select(Post.guid).where(Post.guid.like("%?p=1%"), Post.slug.like("post-%"))))
        assert len(posts) == POSTS
        assert set(posts.values()) == {1}
        said = select(func.count()).select_from(Comment).where(Comment.text.like("Comment %"))
        assert db.scalar(said) == POSTS
    database.dispose()
