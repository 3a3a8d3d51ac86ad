"""A journal as a benchmark of WordPress has it: 100 posts of 500 words, 1,000 comments, and pictures if wanted."""

import io
import random

from sqlalchemy.orm import Session

from apps.chassis.database import Database
from apps.chassis.migrations import migrate
from apps.chassis.settings import Settings
from apps.chassis.storage import Storage
from apps.chassis.transactions import transaction
from apps.mywordpress import SITE
from apps.mywordpress.accounts.models import User
from apps.mywordpress.accounts.roles import Role
from apps.mywordpress.comments.models import Comment
from apps.mywordpress.comments.rules import APPROVED, Said
from apps.mywordpress.media.models import Attachment, Upload
from apps.mywordpress.posts.content import Content
from apps.mywordpress.posts.models import Post

POSTS, WORDS, COMMENTS_PER_POST = 100, 500, 10
POSTS_PER_PICTURE, SIZE = 5, (1600, 1000)
NEWEST = f"Post {POSTS - 1} of the"
WORDS_KNOWN = """
tide harbour lamp letter window bread river morning paper copper orchard signal winter ladder salt engine garden compass
thread kettle violet marble bridge whistle candle meadow anchor pencil thunder basket mirror feather
"""
VOCABULARY = tuple(WORDS_KNOWN.split())
SEARCHED = "harbour"


def filled(url: str, storage: Storage | None = None) -> str:
    """Fill the empty database at this address; answers the address of one of the posts on the site.

    With a storage every fifth post shows a picture of its own, which has its renditions.
    """
    settings = Settings.from_environ({"APP": "mywordpress", "DATABASE_URL": url})
    migrate(SITE, settings)
    database = Database(url)
    chance = random.Random(20261129)
    with transaction(database) as db:
        author = User.add(db, email="ann@lab.example", name="Ann", password_hash="", role=Role.ADMINISTRATOR)
        for number in range(POSTS):
            text = body(chance)
            if storage and number % POSTS_PER_PICTURE == 0:
                text = f"{shown(db, author, storage, number)}\n\n{text}"
            post = Post.draft(db, author, Content.of(f"Post {number} of the {word(chance)}", text))
            post.publish(db)
            for _ in range(COMMENTS_PER_POST):
                Comment.leave(db, post, Said(sentence(chance, 25)), user=author, status=APPROVED)
    database.dispose()
    return post.path


def shown(db: Session, author: User, storage: Storage, number: int) -> str:
    """Put a picture into the library; answers how a post shows it."""
    upload = Upload.store(storage, io.BytesIO(drawn(number)), f"picture-{number}.jpg")
    picture = Attachment.add(db, author, upload, f"Picture {number}")
    Attachment.show_renditions(db, picture.id, picture.store_renditions(storage))
    return picture.markdown()


def drawn(number: int) -> bytes:
    """A picture like no other."""
    from PIL import Image

    image = Image.effect_noise((SIZE[0] // 8, SIZE[1] // 8), 40 + number).resize(SIZE)
    out = io.BytesIO()
    image.convert("RGB").save(out, "JPEG", quality=85)
    return out.getvalue()


def body(chance: random.Random) -> str:
    """A text of five paragraphs in Markdown."""
    return "\n\n".join(sentence(chance, WORDS // 5) for _ in range(5))


def sentence(chance: random.Random, words: int) -> str:
    """So many words, and by chance the one that is searched for."""
    return " ".join(word(chance) for _ in range(words)).capitalize() + "."


def word(chance: random.Random) -> str:
    return chance.choice(VOCABULARY)
