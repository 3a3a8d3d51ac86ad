"""Who may do what with a post or page, by WordPress's rules."""

import pytest

from apps.mywordpress.accounts.models import User
from apps.mywordpress.posts.columns import Kind
from apps.mywordpress.posts.models import Post

VERBS = ("read", "edit", "delete", "publish")
STATES = ("draft", "pending", "future", "publish", "private", "trash")


def post(status: str, kind: Kind = Kind.POST, trashed_from: str = "draft") -> Post:
    published = status == "publish"
    was = trashed_from if status == "trash" else ""
    return Post(author_id=1, kind=kind, published=published, state="draft" if published else status, trashed_from=was)


def allowed(post: Post, role: str, user_id: int) -> str:
    """The verbs that such a user may do, by their first letters."""
    user = User(id=user_id, role=role)
    may = (post.may_be_read_by, post.may_be_edited_by, post.may_be_deleted_by, post.may_be_published_by)
    return "".join(verb[0] for verb, ask in zip(VERBS, may, strict=True) if ask(user))


@pytest.mark.parametrize(
    ("role", "own", "others"),
    [
        ("subscriber", ["r", "r", "r", "r", "r", "r"], ["", "", "", "r", "", ""]),
        ("contributor", ["red", "red", "r", "r", "red", "red"], ["", "", "", "r", "", ""]),
        ("author", ["redp"] * 6, ["", "", "", "r", "", ""]),
        ("editor", ["redp"] * 6, ["redp"] * 6),
        ("administrator", ["redp"] * 6, ["redp"] * 6),
        ("nobody we know", ["", "", "", "r", "", ""], ["", "", "", "r", "", ""]),
    ],
)
def test_what_a_role_may_do_with_posts(role: str, own: list[str], others: list[str]) -> None:
    assert [allowed(post(status), role, 1) for status in STATES] == own
    assert [allowed(post(status), role, 2) for status in STATES] == others


@pytest.mark.parametrize(
    ("role", "mine"),
    [("contributor", ["r", "r", "r", "r", "r", "r"]), ("author", ["r"] * 6), ("editor", ["redp"] * 6)],
)
def test_pages_are_the_editors_matter(role: str, mine: list[str]) -> None:
    assert [allowed(post(status, Kind.PAGE), role, 1) for status in STATES] == mine


def test_what_was_published_counts_as_that_in_the_trash_too() -> None:
    assert allowed(post("trash", trashed_from="publish"), "contributor", 1) == "r"
    assert allowed(post("trash", trashed_from="pending"), "contributor", 1) == "red"


def test_readers_without_an_account_see_what_is_published() -> None:
    assert [post(status).may_be_read_by(None) for status in STATES] == [False, False, False, True, False, False]
    assert not post("publish").may_be_edited_by(None)
    assert not post("publish").may_be_published_by(None)
