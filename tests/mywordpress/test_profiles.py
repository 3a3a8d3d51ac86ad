"""What users change about themselves, and how they come back to an account."""

import pytest

from apps.mywordpress.accounts.roles import Role
from apps.mywordpress.options.models import Options
from tests.mywordpress.conftest import PASSWORD, Journal, notice
from tests.mywordpress.people import delivered, follow, join, known, mails, owed

NEW = "another long password"
PROFILE = {
    "name": "Ann Landers",
    "nicename": "Ann L",
    "first_name": "Ann",
    "last_name": "Landers",
    "url": "https://ann.example/about",
    "biography": "Writes\nletters.",
    "language": "ko",
}


def test_a_profile_is_changed(journal: Journal) -> None:
    ann = journal.author()
    assert ann.post("/account/profile", **PROFILE).location == "/account?done=profile"
    stored = known(journal, "ann")
    assert (stored.name, stored.slug, stored.language) == ("Ann Landers", "ann-l", "ko")
    assert "https://ann.example/about" in ann.get("/account").text


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"name": ""}, "enter your name"),
        ({"nicename": "bo"}, "Somebody else"),
        ({"nicename": "user-3"}, "cannot be one"),
        ({"url": "javascript:alert(1)"}, "not a web address"),
        ({"url": "http://[::1"}, "not a web address"),
        ({"biography": "b" * 2001}, "longer than 2000"),
        ({"language": "xx"}, "Not a valid choice"),
    ],
)
def test_a_malformed_profile_says_what_is_wrong(journal: Journal, wrong: dict[str, str], reason: str) -> None:
    answer = journal.author().post("/account/profile", **PROFILE | wrong)
    assert (answer.status_code, reason in notice(answer)) == (422, True)
    assert known(journal, "ann").name == "Ann"


def test_a_subscriber_sees_the_account_and_nothing_of_the_desk(journal: Journal) -> None:
    sue = journal.visitor()
    join(journal, "Sue")
    assert sue.sign_in("sue@example.com").location == "/account"
    assert "/posts/new" not in sue.get("/account").text
    assert [sue.get(path).status_code for path in ("/posts", "/media", "/comments", "/users")] == [403] * 4
    assert sue.post("/account/profile", **PROFILE).status_code == 303


def test_a_contributor_reaches_the_desk(journal: Journal) -> None:
    assert join(journal, "Cat", Role.CONTRIBUTOR).get("/posts").status_code == 200


def test_a_password_is_changed_by_whoever_knows_it(journal: Journal) -> None:
    ann, other = journal.author(), journal.author()
    wrong = ann.post("/account/password", **{"password-current": "not this one", "password-password": NEW})
    assert (wrong.status_code, "not your password" in notice(wrong)) == (422, True)
    right = ann.post("/account/password", **{"password-current": PASSWORD, "password-password": NEW})
    assert right.location == "/sign-in?done=password"
    assert [visitor.get("/posts").status_code for visitor in (ann, other)] == [303, 303]
    assert journal.visitor().sign_in(password=NEW).status_code == 303
    assert delivered(journal, "password-changed")["To"] == "ann@example.com"


def test_an_address_is_changed_once_somebody_answers_there(journal: Journal) -> None:
    ann = journal.author()
    form = {"email-email": "landers@example.com", "email-current": PASSWORD}
    assert ann.post("/account/email", **form).location == "/account?done=email"
    mail = delivered(journal, "email-change")
    assert (mail["To"], known(journal, "ann").email) == ("landers@example.com", "ann@example.com")
    assert follow(ann, mail) == 303
    assert known(journal, "landers").name == "Ann"
    assert delivered(journal, "email-changed")["To"] == "ann@example.com"
    assert follow(ann, mail) == 404


def test_a_forgotten_password_is_replaced_by_a_link(journal: Journal) -> None:
    ann = journal.author()
    assert journal.visitor().post("/password-reset", email="ANN@example.com").status_code == 303
    mail = delivered(journal, "password-reset")
    assert follow(journal.visitor(), mail, password=NEW) == 303
    assert ann.get("/posts").status_code == 303
    assert journal.visitor().sign_in(password=NEW).status_code == 303
    assert follow(journal.visitor(), mail, password="a third password") == 404


def test_nobody_learns_by_a_reset_who_has_an_account(journal: Journal) -> None:
    answers = [journal.visitor().post("/password-reset", email=f"{who}@example.com") for who in ("ann", "nobody")]
    assert len({(answer.status_code, answer.location, answer.text) for answer in answers}) == 1
    for letter in owed(journal, "password-reset"):
        journal.work("send_letter", letter_id=letter.id)
    assert [mail["To"] for mail in mails(journal)] == ["ann@example.com"]


@pytest.mark.usefixtures("one_window")
def test_resets_are_limited(journal: Journal) -> None:
    asked = [journal.visitor().post("/password-reset", email="ann@example.com").status_code for _ in range(4)]
    assert asked == [303, 303, 303, 429]


def test_nobody_registers_unless_the_owner_lets_them(journal: Journal) -> None:
    form = {"name": "Sue", "email": "sue@example.com"}
    assert journal.visitor().get("/register").status_code == 404
    assert journal.visitor().post("/register", **form).status_code == 404
    assert "/register" not in journal.visitor().get("/sign-in").text


@pytest.fixture
def open_journal(journal: Journal) -> Journal:
    with journal.writing() as db:
        Options(registration_open=True).store(db)
    return journal


def test_whoever_registers_becomes_a_subscriber_by_a_link(open_journal: Journal) -> None:
    sue = open_journal.visitor()
    assert "/register" in sue.get("/sign-in").text
    assert sue.post("/register", name="Sue", email="sue@example.com", role="administrator").status_code == 303
    assert follow(sue, delivered(open_journal, "registration"), password=NEW) == 303
    assert sue.sign_in("sue@example.com", NEW).location == "/account"
    assert known(open_journal, "sue").role == Role.SUBSCRIBER


def test_nobody_learns_by_registering_who_has_an_account(open_journal: Journal) -> None:
    answers = [open_journal.visitor().post("/register", name="X", email=f"{who}@example.com") for who in ("ann", "sue")]
    assert len({(answer.status_code, answer.location) for answer in answers}) == 1
    assert delivered(open_journal, "password-reset")["To"] == "ann@example.com"


@pytest.mark.usefixtures("one_window")
def test_registrations_are_limited(open_journal: Journal) -> None:
    visitor = open_journal.visitor()
    asked = [visitor.post("/register", name="X", email=f"{n}@example.com").status_code for n in range(6)]
    assert asked == [303] * 5 + [429]


def test_a_malformed_registration_is_refused(open_journal: Journal) -> None:
    assert open_journal.visitor().post("/register", name="", email="nobody").status_code == 422
