"""Users by the API."""

from typing import Any

import pytest

from apps.mywordpress.accounts.roles import Role
from tests.mywordpress.api.conftest import Program, add, code
from tests.mywordpress.conftest import Journal, user
from tests.mywordpress.people import owed

NEW = {"username": "zed", "email": "zed@example.com", "password": "long enough password"}


def slugs(shown: Any) -> list[str]:
    return [one["slug"] for one in shown]


def number(journal: Journal, name: str) -> int:
    with journal.writing() as db:
        return user(db, name).id


def test_in_public_only_authors_are_known(journal: Journal, stranger: Program, ada: Program) -> None:
    journal.post()
    assert slugs(stranger.shown("/users")) == ["ann"]
    shown = stranger.shown(f"/users/{number(journal, 'ann')}")
    assert set(shown) == {"id", "name", "url", "description", "link", "slug", "avatar_urls", "meta", "_links"}
    assert shown["link"] == "http://localhost/author/ann/"
    assert "ann@example.com" not in stranger.get("/users").text
    assert code(stranger.get(f"/users/{number(journal, 'bo')}")) == (401, "rest_user_cannot_view")
    assert code(stranger.get("/users/999")) == (404, "rest_user_invalid_id")
    assert slugs(ada.shown("/users")) == ["ada", "ann", "bo"]


def test_who_asks_is_me(ann: Program, stranger: Program) -> None:
    assert ann.shown("/users/me")["name"] == "Ann"
    edited = ann.shown("/users/me?context=edit")
    assert (edited["email"], edited["roles"], edited["username"]) == ("ann@example.com", ["author"], "ann")
    assert edited["capabilities"]["publish_posts"] is True
    assert "password" not in edited
    assert code(stranger.get("/users/me")) == (401, "rest_not_logged_in")


def test_what_only_administrators_may_ask(ann: Program, ada: Program) -> None:
    refused = {
        "context=edit": "rest_forbidden_context",
        "roles=author": "rest_user_cannot_view",
        "capabilities=edit_posts": "rest_user_cannot_view",
        "orderby=email": "rest_forbidden_orderby",
        "orderby=registered_date": "rest_forbidden_orderby",
    }
    for query, reason in refused.items():
        assert code(ann.get(f"/users?{query}")) == (403, reason)
        assert ada.get(f"/users?{query}").status_code == 200
    assert slugs(ada.shown("/users?roles=administrator")) == ["ada"]
    assert slugs(ada.shown("/users?capabilities=manage_options")) == ["ada"]


def test_lists_are_narrowed_down(journal: Journal, ada: Program, ann: Program, stranger: Program) -> None:
    add(journal, "sue", Role.SUBSCRIBER)
    assert slugs(ada.shown("/users?search=an")) == ["ann"]
    assert slugs(ada.shown("/users?slug=bo,ada&orderby=include_slugs")) == ["bo", "ada"]
    assert slugs(ada.shown("/users?orderby=id&order=desc&per_page=1")) == ["sue"]
    assert slugs(ann.shown("/users?who=authors")) == ["ada", "ann", "bo"]
    assert code(stranger.get("/users?who=authors")) == (401, "rest_forbidden_who")
    assert ada.shown("/users?has_published_posts=true") == []


def test_an_administrator_makes_changes_and_deletes_accounts(journal: Journal, ada: Program) -> None:
    made = ada.made("/users", **NEW, roles=["author"], name="Zed", description="Z", url="https://z.example")
    assert (made["username"], made["roles"], made["name"]) == ("zed", ["author"], "Zed")
    assert journal.visitor().sign_in("zed@example.com", NEW["password"]).status_code == 303
    path = f"/users/{made['id']}"
    changed = ada.put(path, first_name="Ze", roles=["editor"], slug="zee", locale="ko").json
    assert (changed["first_name"], changed["roles"], changed["slug"], changed["locale"]) == (
        "Ze",
        ["editor"],
        "zee",
        "ko",
    )
    assert ada.put(path, email="other@example.com").json["email"] == "other@example.com"
    assert [letter.kind for letter in owed(journal)] == ["email-changed"]
    assert code(ada.delete(path)) == (400, "rest_missing_callback_param")
    assert code(ada.delete(f"{path}?reassign=false")) == (501, "rest_trash_not_supported")
    assert ada.delete(f"{path}?force=true&reassign=false").json["deleted"] is True


def test_what_somebody_made_is_handed_over_and_never_deleted(journal: Journal, ada: Program, stranger: Program) -> None:
    post, path = journal.post(), f"/users/{number(journal, 'ann')}?force=true"
    for heir in ("false", "999", number(journal, "ann")):
        assert code(ada.delete(f"{path}&reassign={heir}")) == (400, "rest_user_invalid_reassign")
    bo = number(journal, "bo")
    assert ada.delete(f"{path}&reassign={bo}").json["deleted"] is True
    assert stranger.shown(f"/posts/{post.id}")["author"] == bo


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        ({"email": "ann@example.com"}, "existing_user_email"),
        ({"username": "ann"}, "existing_user_login"),
        ({"username": "user-7"}, "existing_user_login"),
        ({"email": "nothing"}, "rest_invalid_param"),
        ({"password": "short"}, "rest_invalid_param"),
        ({"roles": ["king"]}, "rest_invalid_param"),
        ({"roles": ["author", "editor"]}, "rest_invalid_param"),
        ({"url": "javascript:alert(1)"}, "rest_invalid_param"),
        ({"id": 7}, "rest_user_exists"),
    ],
)
def test_accounts_that_cannot_be_made(ada: Program, sent: dict[str, Any], reason: str) -> None:
    assert code(ada.post("/users", **NEW | sent)) == (400, reason)


def test_everybody_changes_themselves_and_nobody_their_rights(journal: Journal, ann: Program, ada: Program) -> None:
    assert ann.put("/users/me", name="Anna", description="Me").json["name"] == "Anna"
    assert code(ann.put("/users/me", name=" ")) == (400, "rest_invalid_param")
    assert code(ann.put("/users/me", slug="bo")) == (400, "rest_user_invalid_slug")
    assert code(ann.put("/users/me", username="new")) == (400, "rest_user_invalid_argument")
    assert code(ann.put("/users/me", roles=["administrator"])) == (403, "rest_cannot_edit_roles")
    for field in ({"password": "another long password"}, {"email": "new@example.com"}):
        assert code(ann.put("/users/me", **field)) == (403, "rest_cannot_edit")
    assert code(ann.put(f"/users/{number(journal, 'bo')}", name="B")) == (403, "rest_cannot_edit")
    assert code(ada.put("/users/me", roles=["author"])) == (403, "rest_user_invalid_role")
    assert code(ada.delete("/users/me?force=true&reassign=1")) == (403, "rest_user_cannot_delete")
    assert code(ann.post("/users", **NEW)) == (403, "rest_cannot_create_user")


def test_the_last_administrator_stays_one(journal: Journal, ada: Program, programs: Any) -> None:
    other = programs(Role.ADMINISTRATOR)
    assert other.put(f"/users/{number(journal, 'ada')}", roles=["author"]).status_code == 200
    assert code(ada.get("/users?context=edit")) == (403, "rest_forbidden_context")
