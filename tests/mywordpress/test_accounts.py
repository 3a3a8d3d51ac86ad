"""Signing in and out, roles, and the first administrator."""

import io
import threading

import pytest

from apps.chassis.commands import run
from apps.chassis.people import EmailTaken
from apps.mywordpress import SITE
from apps.mywordpress.accounts.models import User
from apps.mywordpress.accounts.roles import Role
from tests.mywordpress.conftest import PASSWORD, Journal, notice, over_both, user


def test_an_author_signs_in_and_writes(journal: Journal) -> None:
    visitor = journal.visitor()
    assert visitor.sign_in().location == "/posts"
    assert visitor.get("/posts/new").status_code == 200


def test_the_email_address_may_be_spelt_in_capitals(journal: Journal) -> None:
    assert journal.visitor().sign_in(" ANN@Example.com ").status_code == 303


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(journal: Journal) -> None:
    wrong = journal.visitor().sign_in(password="not this one at all")
    unknown = journal.visitor().sign_in("nobody@example.com")
    assert (wrong.status_code, notice(wrong)) == (unknown.status_code, notice(unknown)) == (422, notice(wrong))
    assert "do not belong together" in notice(wrong)


def test_signing_in_changes_the_session_id(journal: Journal) -> None:
    visitor = journal.author()
    before = visitor.client.get_cookie("mywordpress-session")
    visitor.post("/sign-out")
    visitor.sign_in()
    after = visitor.client.get_cookie("mywordpress-session")
    assert before is not None
    assert after is not None
    assert before.value != after.value


def test_a_guest_is_led_to_the_sign_in_page_and_back(journal: Journal) -> None:
    visitor = journal.visitor()
    assert visitor.get("/posts/new?x=1").location == "/sign-in?next=/posts/new?x%3D1"
    answer = visitor.post("/sign-in", email="ann@example.com", password=PASSWORD, next="/posts/new?x=1")
    assert answer.location == "/posts/new?x=1"


def test_signing_out_ends_this_session_only(journal: Journal) -> None:
    here, there = journal.author(), journal.author()
    assert here.post("/sign-out").status_code == 303
    assert here.get("/posts").status_code == 303
    assert there.get("/posts").status_code == 200


def test_signing_out_everywhere_ends_every_session(journal: Journal) -> None:
    here, there = journal.author(), journal.author()
    assert here.post("/account/sessions/deletion").status_code == 303
    assert [visitor.get("/posts").status_code for visitor in (here, there)] == [303, 303]
    assert here.sign_in().status_code == 303
    assert here.get("/posts").status_code == 200


def test_a_session_that_the_store_still_has_is_refused_by_the_users_own_row(journal: Journal) -> None:
    visitor = journal.author()
    with journal.writing() as db:
        user(db).end_sessions()
    assert visitor.get("/posts").status_code == 303


def test_a_sign_in_after_the_end_of_all_sessions_counts_even_with_a_slower_clock(journal: Journal) -> None:
    with journal.writing() as db:
        ann = user(db)
        ann.sessions_valid_from = ann.sessions_valid_from.replace(year=2090)
        assert User.of_session(db, ann.id, ann.signed_in_at()) is ann


@pytest.mark.usefixtures("one_window")
def test_guessing_passwords_is_slowed_down(journal: Journal) -> None:
    visitor = journal.visitor()
    statuses = [visitor.sign_in(password=f"guess number {i}").status_code for i in range(11)]
    assert statuses == [422] * 10 + [429]
    assert visitor.sign_in("bo@example.com").status_code == 303


def test_a_form_from_another_site_is_refused(journal: Journal) -> None:
    client = journal.visitor().client
    form = {"email": "ann@example.com", "password": PASSWORD}
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        assert client.post("/sign-in", data=form, headers=headers).status_code == 403


@over_both
def test_one_address_belongs_to_one_user(journal: Journal) -> None:
    with journal.writing() as db:
        with pytest.raises(EmailTaken):
            User.add(db, email="ANN@example.com", name="Another", password_hash="hash", role=Role.AUTHOR)
        assert len(User.everybody(db)) == 3


@over_both
def test_addresses_that_differ_in_an_accent_belong_to_two(journal: Journal) -> None:
    with journal.writing() as db:
        User.add(db, email="änn@example.com", name="Another Ann", password_hash="hash", role=Role.AUTHOR)
        assert User.with_email(db, "änn@example.com") is not User.with_email(db, "ann@example.com")


def administrator(journal: Journal, monkeypatch: pytest.MonkeyPatch, email: str, password: str) -> int:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
    monkeypatch.setenv("VAR_DIR", str(journal.settings.var))
    monkeypatch.setenv("DATABASE_URL", journal.settings.database_url)
    return run(SITE, ["administrator", email])


def test_the_first_administrator_is_made_by_a_command(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    assert administrator(journal, monkeypatch, "root@example.com", "another long password") == 0
    visitor = journal.visitor()
    visitor.sign_in("root@example.com", "another long password")
    assert visitor.get("/users").status_code == 200


def test_the_command_gives_an_author_the_role_and_ends_old_sessions(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = journal.author()
    assert administrator(journal, monkeypatch, "ann@example.com", "another long password") == 0
    assert old.get("/posts").status_code == 303
    assert journal.visitor().sign_in().status_code == 422


@pytest.mark.parametrize(("email", "password"), [("root@example.com", "short"), ("root", "another long password")])
def test_the_command_refuses_what_cannot_be(
    journal: Journal, monkeypatch: pytest.MonkeyPatch, email: str, password: str
) -> None:
    assert administrator(journal, monkeypatch, email, password) == 1


def test_signing_in_holds_no_transaction_while_the_password_is_checked(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    checking, may_go_on = threading.Event(), threading.Event()

    def slow(stored: str | None, password: str) -> bool:
        checking.set()
        return may_go_on.wait(10)

    monkeypatch.setattr("apps.chassis.passwords.verify", slow)
    thread = threading.Thread(target=journal.visitor().sign_in)
    thread.start()
    assert checking.wait(5)
    journal.post("Written meanwhile")
    may_go_on.set()
    thread.join()
