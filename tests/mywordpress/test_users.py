"""Who looks after people, and what they may do with them."""

import threading

import pytest

from apps.mywordpress.accounts.departures import depart, left_behind
from apps.mywordpress.accounts.models import LastAdministrator, SlugTaken, User
from apps.mywordpress.accounts.roles import CAPABILITIES, Role
from apps.mywordpress.comments.models import Comment
from apps.mywordpress.posts.models import Post
from tests.mywordpress.conftest import PASSWORD, Journal, notice, over_both, user
from tests.mywordpress.people import delivered, follow, join, known, owed

CY = {"name": "Cy Young", "email": "cy@example.com", "role": "author"}
NEW = "another long password"


def test_a_user_is_invited_and_chooses_a_password(journal: Journal) -> None:
    ada, cy = journal.author("ada@example.com"), journal.visitor()
    assert ada.post("/users", **CY).location == "/users?done=invited"
    mail = delivered(journal, "invitation")
    assert (mail["To"], "An account for you" in mail["Subject"]) == ("cy@example.com", True)
    assert follow(cy, mail, password="short") == 422
    assert follow(cy, mail, password=NEW) == 303
    assert cy.sign_in("cy@example.com", NEW).location == "/posts"
    assert follow(journal.visitor(), mail, password="a third password") == 404


def test_whoever_is_invited_cannot_sign_in_without_a_password_of_theirs(journal: Journal) -> None:
    ada = journal.author("ada@example.com")
    ada.post("/users", **CY)
    assert "Invited" in ada.get("/users").text
    for guess in ("", "no account has this password", PASSWORD):
        assert journal.visitor().sign_in("cy@example.com", guess).status_code == 422


def test_an_invitation_is_sent_again_until_it_is_accepted(journal: Journal) -> None:
    ada = journal.author("ada@example.com")
    ada.post("/users", **CY)
    address = f"/users/{known(journal, 'cy').id}/invitation"
    assert ada.post(address).status_code == 303
    assert len(owed(journal, "invitation")) == 2
    assert follow(journal.visitor(), delivered(journal, "invitation"), password=NEW) == 303
    assert ada.post(address).status_code == 409


@pytest.mark.parametrize("wrong", [{"email": "no address"}, {"name": ""}, {"role": "king"}, {"name": "n" * 81}])
def test_a_malformed_user_is_refused(journal: Journal, wrong: dict[str, str]) -> None:
    assert journal.author("ada@example.com").post("/users", **CY | wrong).status_code == 422
    assert owed(journal) == []


def test_an_address_has_one_account(journal: Journal) -> None:
    answer = journal.author("ada@example.com").post("/users", **CY | {"email": "ANN@example.com"})
    assert (answer.status_code, "has an account already" in notice(answer)) == (422, True)


@pytest.mark.parametrize("role", [Role.SUBSCRIBER, Role.CONTRIBUTOR, Role.AUTHOR, Role.EDITOR])
def test_only_administrators_look_after_people(journal: Journal, role: Role) -> None:
    visitor, bo = join(journal, "Sue", role), known(journal, "bo")
    assert not any("users" in capability for capability in CAPABILITIES[role])
    for path in ("/users", "/users/new", f"/users/{bo.id}", f"/users/{bo.id}/deletion"):
        assert visitor.get(path).status_code == 403
    for verb in ("", "/role", "/email", "/sessions/deletion", "/invitation", "/deletion"):
        assert visitor.post(f"/users/{bo.id}{verb}", name="Bo", heir="1").status_code == 403
    assert visitor.post("/users", **CY).status_code == 403
    assert journal.visitor().post("/users", **CY).status_code == 401
    assert known(journal, "bo").name == "Bo"


def test_the_list_of_authors_leads_to_that_of_users(journal: Journal) -> None:
    answer = journal.author("ada@example.com").get("/authors")
    assert (answer.status_code, answer.location) == (301, "/users")


def test_users_are_found_by_name_address_and_role(journal: Journal) -> None:
    ada = journal.author("ada@example.com")
    join(journal, "Sue")
    assert "sue@example.com" in ada.get("/users?q=SUE").text
    assert "ann@example.com" not in ada.get("/users?q=sue").text
    assert "sue@example.com" not in ada.get("/users?role=author").text
    assert "Nobody is called so" in ada.get("/users?q=%25").text
    assert ada.get("/users?role=king&before=x").status_code == 200


def test_many_users_come_in_pages(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    with journal.writing() as db:
        first = User.search(db)
        assert first.before is None
        page = User.search(db, before=first.items[0].id)
        assert len(page.items) == len(first.items) - 1


def test_a_role_is_changed_but_not_ones_own(journal: Journal) -> None:
    ada, bo = journal.author("ada@example.com"), known(journal, "bo")
    assert ada.post(f"/users/{bo.id}/role", **{"role-role": "editor"}).status_code == 303
    assert known(journal, "bo").can("edit_others_posts")
    assert ada.post(f"/users/{bo.id}/role", **{"role-role": "king"}).status_code == 422
    assert ada.post(f"/users/{known(journal, 'ada').id}/role", **{"role-role": "author"}).status_code == 409
    assert known(journal, "ada").administers


@over_both
def test_the_last_administrator_stays(journal: Journal) -> None:
    with journal.writing() as db:
        # Whoever has not accepted an invitation looks after nothing yet.
        User.add(db, email="cy@example.com", name="Cy", password_hash="", role=Role.ADMINISTRATOR)
        ada = user(db, "ada")
        with pytest.raises(LastAdministrator):
            ada.appoint_as(db, Role.EDITOR)
        with pytest.raises(LastAdministrator):
            depart(db, ada, user(db, "bo"))
        user(db, "bo").appoint_as(db, Role.ADMINISTRATOR)
        ada.appoint_as(db, Role.EDITOR)
        assert ada.role == Role.EDITOR


@pytest.mark.parametrize("kind", ["mysql"])
def test_of_two_administrators_who_leave_at_once_one_stays(journal: Journal) -> None:
    with journal.writing() as db:
        user(db, "bo").appoint_as(db, Role.ADMINISTRATOR)
    both, left = threading.Barrier(2), []

    def leave(name: str) -> None:
        with journal.writing() as db:
            leaving = user(db, name)
            both.wait(10)
            try:
                leaving.appoint_as(db, Role.EDITOR)
                left.append(name)
            except LastAdministrator:
                pass

    threads = [threading.Thread(target=leave, args=(name,)) for name in ("ada", "bo")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(left) == 1


@over_both
def test_whoever_goes_hands_over_what_they_made(journal: Journal) -> None:
    post, ada = journal.post("Ann's"), journal.author("ada@example.com")
    journal.author().post(f"/posts/{post.id}/comments", text="Of Ann's own.")
    with journal.writing() as db:
        ann, bo = user(db).id, user(db, "bo").id
        assert left_behind(db, user(db))["posts"] == 1
    assert "Posts and pages" in ada.get(f"/users/{ann}/deletion").text
    assert ada.post(f"/users/{ann}/deletion", heir="99").status_code == 422
    assert ada.post(f"/users/{ann}/deletion", heir=str(bo)).location == "/users?done=deleted"
    with journal.writing() as db:
        assert User.with_email(db, "ann@example.com") is None
        assert db.get_one(Post, post.id).author_id == bo
        said = db.query(Comment).one()
        assert (said.user_id, said.name) == (None, "Ann")
    assert ada.get(f"/users/{ann}/deletion").status_code == 404


def test_whoever_is_deleted_is_signed_out(journal: Journal) -> None:
    ada, bo = journal.author("ada@example.com"), journal.author("bo@example.com")
    ada.post(f"/users/{known(journal, 'bo').id}/deletion", heir=str(known(journal, "ann").id))
    assert bo.get("/posts").status_code == 303


def test_nobody_deletes_themselves(journal: Journal) -> None:
    ada, number = journal.author("ada@example.com"), known(journal, "ada").id
    assert ada.post(f"/users/{number}/deletion", heir=str(known(journal, "ann").id)).status_code == 409


def test_sessions_of_somebody_else_are_ended(journal: Journal) -> None:
    ada, bo = journal.author("ada@example.com"), journal.author("bo@example.com")
    assert ada.post(f"/users/{known(journal, 'bo').id}/sessions/deletion").status_code == 303
    assert bo.get("/posts").status_code == 303
    assert ada.get("/users").status_code == 200


def test_an_administrator_changes_somebodys_profile_and_address(journal: Journal) -> None:
    ada, bo = journal.author("ada@example.com"), known(journal, "bo")
    profile = {"name": "Bo Diddley", "nicename": "bo-d", "url": "https://bo.example", "biography": "Plays."}
    assert ada.post(f"/users/{bo.id}", **profile).status_code == 303
    assert ada.post(f"/users/{bo.id}/email", **{"email-email": "diddley@example.com"}).status_code == 303
    assert (known(journal, "diddley").slug, known(journal, "diddley").name) == ("bo-d", "Bo Diddley")
    assert delivered(journal, "email-changed")["To"] == "bo@example.com"
    taken = ada.post(f"/users/{bo.id}/email", **{"email-email": "ann@example.com"})
    assert (taken.status_code, "has an account already" in notice(taken)) == (422, True)


@over_both
def test_nobody_has_the_name_of_another_in_addresses(journal: Journal) -> None:
    with journal.writing() as db:
        names = [User.add(db, email=f"{n}@example.com", name="Ann", password_hash="", role="author") for n in range(2)]
        assert [found.nicename for found in names] == ["ann-2", "ann-3"]
        for wrong in ("ann", "ANN", "user-7", "", "---"):
            with pytest.raises(SlugTaken):
                names[0].call(db, wrong)
        names[0].call(db, "Ännchen von Tharau")
        assert User.with_nicename(db, "ännchen-von-tharau") is names[0]
        names[0].slug = None
        db.flush()
        assert User.with_nicename(db, names[0].nicename) is names[0]
        assert User.named(db, "1@example.com") is names[1]
