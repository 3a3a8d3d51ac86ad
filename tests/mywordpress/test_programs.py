"""Passwords of programs, and who comes with one."""

import re
from base64 import b64encode
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Response, request

from apps.chassis.columns import now
from apps.mywordpress.accounts.guard import authenticate_program
from apps.mywordpress.accounts.programs import MOST_EACH, ApplicationPassword, WrongProgram, hashes
from tests.mywordpress.conftest import Journal, Visitor, over_both, user
from tests.mywordpress.people import known


def make(visitor: Visitor, name: str = "An editor") -> str:
    """A new password, as the page shows it."""
    page = visitor.post("/account/programs", **{"program-name": name})
    assert page.status_code == 201
    found = re.search(r'class="secret"[^>]*>([^<]+)<', page.text)
    assert found is not None
    return found[1]


def stored(journal: Journal) -> list[ApplicationPassword]:
    with journal.writing() as db:
        return list(db.query(ApplicationPassword))


@pytest.fixture
def asking(journal: Journal) -> Journal:
    """The journal with an address that tells whose program asks."""

    def whoami() -> Response:
        try:
            found = authenticate_program(request)
        except WrongProgram:
            return Response("wrong", 401)
        return Response(found.name if found else "nobody")

    journal.app.add_url_rule("/test-whoami", "test-whoami", whoami)
    return journal


def ask(journal: Journal, name: str, password: str) -> tuple[int, str]:
    header = f"Basic {b64encode(f'{name}:{password}'.encode()).decode()}"
    answer = journal.visitor().get("/test-whoami", Authorization=header)
    return answer.status_code, answer.text


def test_a_password_is_shown_once_in_groups_of_four(journal: Journal) -> None:
    ann = journal.author()
    page = ann.post("/account/programs", **{"program-name": "An editor"})
    assert page.headers["Cache-Control"] == "no-store"
    password = make(ann)
    assert re.fullmatch(r"([A-Za-z0-9]{4} ){5}[A-Za-z0-9]{4}", password)
    assert password not in ann.get("/account").text
    assert "An editor" in ann.get("/account").text
    assert all(password.replace(" ", "") not in vars(row).values() for row in stored(journal))


def test_no_two_landmarks_of_the_account_have_one_name(journal: Journal) -> None:
    ann = journal.author()
    make(ann)
    page = ann.get("/account").text
    headings = dict(re.findall(r'<h2 [^>]*id="([^"]+)">([^<]+)<', page))
    names = [headings[heading] for heading in re.findall(r'<(?:section|nav) [^>]*aria-labelledby="([^"]+)"', page)]
    names += re.findall(r'role="region" aria-label="([^"]+)"', page)
    assert len(set(names)) == len(names) > 3


@over_both
def test_a_program_signs_in_by_address_or_name(asking: Journal) -> None:
    password = make(asking.author())
    for name in ("ann@example.com", "ANN@example.com", "ann"):
        for typed in (password, password.replace(" ", "")):
            assert ask(asking, name, typed) == (200, "Ann")


def test_whoever_brings_nothing_is_nobody(asking: Journal) -> None:
    assert asking.visitor().get("/test-whoami").text == "nobody"
    assert asking.visitor().get("/test-whoami", Authorization="Bearer x").text == "nobody"


def test_a_password_opens_its_owners_account_alone(asking: Journal) -> None:
    password = make(asking.author())
    wrong = [
        ("bo@example.com", password),
        ("nobody", password),
        ("ann", password.swapcase()),
        ("ann", ""),
        ("ann", "é" * 24),
        ("", password),
        ("a" * 9999, password),
    ]
    assert {ask(asking, *pair) for pair in wrong} == {(401, "wrong")}


@pytest.mark.usefixtures("one_window")
def test_somebody_who_tries_again_and_again_is_slowed_down(asking: Journal) -> None:
    answers = [ask(asking, "ann", "x" * 24)[0] for _ in range(61)]
    assert (answers[0], answers[-1]) == (401, 429)
    assert ask(asking, "ann", make(asking.author())) == (200, "Ann")


def test_a_revoked_password_opens_nothing(asking: Journal) -> None:
    ann = asking.author()
    password = make(ann)
    address = f"/account/programs/{stored(asking)[0].uuid}/deletion"
    assert asking.author("bo@example.com").post(address).status_code == 404
    assert ann.post(address).location == "/account?done=revoked"
    assert ask(asking, "ann", password) == (401, "wrong")
    assert ann.post(address).status_code == 404


def test_an_administrator_revokes_anybodys(asking: Journal) -> None:
    make(asking.author())
    ada = asking.author("ada@example.com")
    assert "An editor" in ada.get(f"/users/{known(asking, 'ann').id}").text
    assert ada.post(f"/account/programs/{stored(asking)[0].uuid}/deletion").status_code == 303
    assert stored(asking) == []


def test_it_is_told_when_a_password_was_used_last(asking: Journal) -> None:
    password = make(asking.author())
    ask(asking, "ann", password)
    hashed = hashes(asking.settings, password.replace(" ", ""))[0]
    at = (now() + timedelta(seconds=1)).isoformat()
    asking.work("note_program", program_id=stored(asking)[0].id, at=at, address="192.0.2.7", hash=hashed)
    assert stored(asking)[0].last_address == "192.0.2.7"
    assert "192.0.2.7" in asking.author().get("/account").text
    asking.work("note_program", program_id=999, at=at, address="192.0.2.7", hash=hashed)


def test_a_use_is_noted_behind_the_answer_and_not_each_time(asking: Journal) -> None:
    password, sent = make(asking.author()), asking.app.queue
    for _ in range(3):
        ask(asking, "ann", password)
    assert sent.oldest_age() is not None


def test_passwords_outlive_a_change_of_the_key_and_are_kept_under_the_new_one(journal: Journal) -> None:
    password, before = make(journal.author()).replace(" ", ""), journal.settings
    renewed = replace(before, secret_key="another key of this site", secret_key_fallbacks=before.secret_keys)
    with journal.writing() as db:
        visit = ApplicationPassword.known(db, renewed, "ann", password)
        visit.program.note_use(db, now(), "192.0.2.7", visit.hash)
    with journal.writing() as db:
        assert ApplicationPassword.known(db, replace(renewed, secret_key_fallbacks=()), "ann", password)
        with pytest.raises(WrongProgram):
            ApplicationPassword.known(db, before, "ann", password)


def test_nobody_has_passwords_without_end(journal: Journal) -> None:
    with journal.writing() as db:
        for number in range(MOST_EACH):
            ApplicationPassword.issue(db, journal.settings, user(db), f"Program {number}")
    answer = journal.author().post("/account/programs", **{"program-name": "One more"})
    assert answer.status_code == 409
    assert journal.author().post("/account/programs", **{"program-name": ""}).status_code == 422
