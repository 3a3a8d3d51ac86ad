"""What readers see of people and comments begins another epoch when it changes; what they do not see, none."""

from collections.abc import Callable

import pytest

from apps.chassis.epochs import token_of
from tests.mywordpress.conftest import Journal, Visitor
from tests.mywordpress.people import known
from tests.mywordpress.test_comments import GUEST

Act = Callable[[Visitor, Journal], object]
PROFILE = {"name": "Ada B.", "nicename": "ada-b"}
SEEN: dict[str, Act] = {
    "said": lambda ada, _: ada.post("/posts/1/comments", text="Mine."),
    "approved": lambda ada, _: ada.post("/comments/moderation", one="approve:2"),
    "taken back": lambda ada, _: ada.post("/comments/moderation", one="trash:1"),
    "deleted": lambda ada, _: ada.post("/comments/moderation", one="delete:1"),
    "answered": lambda ada, _: ada.post("/comments/1/replies", text="An answer."),
    "edited": lambda ada, _: ada.post("/comments/1", name="R", text="Other words."),
    "forgotten": lambda ada, _: ada.post("/comments/privacy/erasure", email=GUEST["email"]),
    "a profile": lambda ada, _: ada.post("/account/profile", **PROFILE),
    "the profile of another": lambda ada, journal: ada.post(f"/users/{known(journal, 'bo').id}", **PROFILE),
    "gone": lambda ada, journal: ada.post(
        f"/users/{known(journal, 'ann').id}/deletion", heir=str(known(journal, "bo").id)
    ),
}
UNSEEN: dict[str, Act] = {
    "held": lambda _, journal: journal.visitor().post("/posts/1/comments", **GUEST | {"text": "Held."}),
    "approved before": lambda ada, _: ada.post("/comments/moderation", one="approve:1"),
    "a role": lambda ada, journal: ada.post(f"/users/{known(journal, 'bo').id}/role", **{"role-role": "editor"}),
    "a program": lambda ada, _: ada.post("/account/programs", **{"program-name": "An editor"}),
    "invited": lambda ada, _: ada.post("/users", name="Cy", email="cy@example.com", role="author"),
}


@pytest.fixture
def ada(journal: Journal) -> Visitor:
    """An administrator, where one comment is shown on a post of Ann's and another one waits."""
    post, ada = journal.post(), journal.author("ada@example.com")
    for text in ("Shown.", "Waiting."):
        journal.visitor().post(f"/posts/{post.id}/comments", **GUEST | {"text": text})
    ada.post("/comments/moderation", one="approve:1")
    return ada


def epoch(journal: Journal) -> str:
    with journal.writing() as db:
        return token_of(db)


@pytest.mark.parametrize("what", SEEN)
def test_what_readers_see_is_new_with_the_commit(journal: Journal, ada: Visitor, what: str) -> None:
    before = epoch(journal)
    SEEN[what](ada, journal)
    assert epoch(journal) != before


@pytest.mark.parametrize("what", UNSEEN)
def test_what_readers_do_not_see_makes_no_page_anew(journal: Journal, ada: Visitor, what: str) -> None:
    before = epoch(journal)
    UNSEEN[what](ada, journal)
    assert epoch(journal) == before
