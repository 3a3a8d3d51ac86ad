"""Application passwords by the API."""

import re
from typing import Any

from tests.mywordpress.api.conftest import Program, code
from tests.mywordpress.api.test_users import number
from tests.mywordpress.conftest import Journal

MINE = "/users/me/application-passwords"


def test_a_program_has_another_one_made_and_uses_it(journal: Journal, ann: Program) -> None:
    answer = ann.post(MINE, name="Phone")
    made: Any = answer.json
    assert (answer.status_code, answer.headers["Cache-Control"]) == (201, "no-store")
    assert re.fullmatch(r"([A-Za-z0-9]{4} ){5}[A-Za-z0-9]{4}", made["password"])
    assert answer.headers["Location"].endswith(f"/application-passwords/{made['uuid']}")
    client = journal.app.test_client()
    me = client.get("/wp-json/wp/v2/users/me", auth=("ann@example.com", made["password"]))
    assert me.status_code == 200
    assert [one["name"] for one in ann.shown(MINE)] == ["A program", "Phone"]
    assert set(ann.shown(f"{MINE}/{made['uuid']}")) == {
        "uuid", "app_id", "name", "created", "last_used", "last_ip", "_links",
    }  # fmt: skip
    assert ann.put(f"{MINE}/{made['uuid']}", name="Tablet").json["name"] == "Tablet"
    assert ann.delete(f"{MINE}/{made['uuid']}").json["deleted"] is True
    gone = client.get("/wp-json/wp/v2/users/me", auth=("ann@example.com", made["password"]))
    assert code(gone) == (401, "incorrect_password")


def test_all_are_revoked_at_once(ann: Program) -> None:
    ann.made(MINE, name="Phone")
    assert ann.delete(MINE).json == {"deleted": True, "count": 2}
    assert code(ann.get(MINE)) == (401, "incorrect_password")


def test_those_of_others_are_for_administrators(
    journal: Journal, ann: Program, ada: Program, stranger: Program
) -> None:
    bos = f"/users/{number(journal, 'bo')}/application-passwords"
    made = ada.made(bos, name="For Bo")
    assert [one["name"] for one in ada.shown(bos)] == ["For Bo"]
    one = f"{bos}/{made['uuid']}"
    assert code(ann.get(bos)) == (403, "rest_cannot_list_application_passwords")
    assert code(ann.get(one)) == (403, "rest_cannot_read_application_password")
    assert code(ann.post(bos, name="x")) == (403, "rest_cannot_create_application_passwords")
    assert code(ann.put(one, name="x")) == (403, "rest_cannot_edit_application_password")
    assert code(ann.delete(one)) == (403, "rest_cannot_delete_application_password")
    assert code(ann.delete(bos)) == (403, "rest_cannot_delete_application_passwords")
    assert code(stranger.get(bos)) == (401, "rest_cannot_list_application_passwords")
    assert code(stranger.get(MINE)) == (401, "rest_not_logged_in")
    assert code(ann.get(f"{MINE}/{made['uuid']}")) == (404, "rest_application_password_not_found")
    assert code(ada.get("/users/999/application-passwords")) == (404, "rest_user_invalid_id")


def test_names_are_told_apart(ann: Program) -> None:
    assert code(ann.post(MINE, name="A PROGRAM")) == (409, "application_password_duplicate_name")
    assert code(ann.post(MINE, name="  ")) == (400, "rest_invalid_param")
    assert code(ann.post(MINE)) == (400, "rest_missing_callback_param")
