"""What clients send, in types that can be relied upon."""

from typing import Any

import pytest

from apps.mywordpress.api.parameters import nested
from apps.mywordpress.api.schema import Invalid, array, boolean, checked, choice, integer, moment, numbers, string, text
from tests.mywordpress.api.conftest import Program, code


@pytest.mark.parametrize(
    ("value", "schema", "found"),
    [
        ("10", integer(), 10),
        (10.0, integer(), 10),
        ("true", boolean(), True),
        (0, boolean(), False),
        ("1, 2 3", numbers(), [1, 2, 3]),
        (7, numbers(), [7]),
        ([], numbers(), []),
        ("", numbers(), []),
        ("a\x00b", string(), "ab"),
        ("\ud800", string(), ""),
        ({"raw": "x"}, text("", 9), "x"),
        ("x", text("", 9), "x"),
        (None, moment(type=["string", "null"]), None),
        ("2026-01-02T03:04:05Z", moment(), "2026-01-02T03:04:05Z"),
    ],
)
def test_values_become_what_the_schema_says(value: Any, schema: Any, found: Any) -> None:
    assert checked(value, schema, "name") == found


@pytest.mark.parametrize(
    ("value", "schema", "code"),
    [
        ("x", integer(), "rest_invalid_type"),
        (True, integer(), "rest_invalid_type"),
        (1.5, integer(), "rest_invalid_type"),
        ("9" * 40, integer(), "rest_invalid_type"),
        (2**63, integer(), "rest_invalid_type"),
        (float("inf"), integer(), "rest_invalid_type"),
        (None, integer(), "rest_invalid_type"),
        (0, integer(minimum=1, maximum=100), "rest_out_of_bounds"),
        ("maybe", boolean(), "rest_invalid_type"),
        ([], boolean(), "rest_invalid_type"),
        (1, string(), "rest_invalid_type"),
        ("abc", string(maxLength=2), "rest_too_long"),
        ("", string(minLength=1), "rest_too_short"),
        ("c", choice(["a", "b"]), "rest_not_in_enum"),
        ("x", numbers(), "rest_invalid_type"),
        ({"a": 1}, numbers(), "rest_invalid_type"),
        ([1] * 1001, numbers(), "rest_too_many_items"),
        ("yesterday", moment(), "rest_invalid_date"),
        ("x", string(format="email"), "rest_invalid_email"),
        ("x", string(format="ip"), "rest_invalid_ip"),
        ("x", string(format="uuid"), "rest_invalid_uuid"),
        ([["x"]], array(string()), "rest_invalid_type"),
        ({"raw": {}}, text("", 9), "rest_invalid_type"),
        ([], moment(type=["string", "null"]), "rest_invalid_type"),
    ],
)
def test_values_that_are_something_else_are_refused(value: Any, schema: Any, code: str) -> None:
    with pytest.raises(Invalid) as error:
        checked(value, schema, "name")
    assert error.value.code == code


def test_names_are_read_as_php_reads_them() -> None:
    sent = [
        ("a[]", "1"),
        ("a[]", "2"),
        ("b[c]", "3"),
        ("b[d][]", "4"),
        ("e", "5"),
        ("e", "6"),
        ("f[1]", "7"),
        ("g[", "8"),
    ]
    assert nested(sent) == {"a": ["1", "2"], "b": {"c": "3", "d": ["4"]}, "e": "6", "f": ["7"]}


def test_what_is_wrong_is_told_of_each_parameter(stranger: Program) -> None:
    answer = stranger.get("/posts?per_page=101&order=up&page=0")
    assert code(answer) == (400, "rest_invalid_param")
    body = answer.json
    assert body is not None
    assert body["message"] == "Invalid parameter(s): page, per_page, order"
    assert body["data"]["params"]["per_page"] == "per_page must be between 1 (inclusive) and 100 (inclusive)"
    assert body["data"]["params"]["order"] == "order is not one of asc, desc."
    assert body["data"]["details"]["order"]["code"] == "rest_not_in_enum"


def test_what_is_missing_is_told(ada: Program) -> None:
    answer = ada.post("/users", username="zed")
    assert code(answer) == (400, "rest_missing_callback_param")
    assert answer.json is not None
    assert answer.json["data"]["params"] == ["email", "password"]


@pytest.mark.parametrize("body", [b"{", b"\xff", b"[" * 100_000, b'{"title": NaN}', b'{"a":' + b"1" * 5000 + b"}"])
def test_json_that_is_none_is_told(ann: Program, body: bytes) -> None:
    answer = ann.ask("POST", "/posts", data=body, content_type="application/json")
    assert code(answer) == (400, "rest_invalid_json")
    assert answer.json is not None
    assert answer.json["data"]["json_error_code"] == 4


def test_forms_are_as_good_as_json(ann: Program) -> None:
    answer = ann.ask("POST", "/posts", data={"title": "By form", "status": "publish", "sticky": "0"})
    assert answer.status_code == 201
    assert answer.json is not None
    assert answer.json["title"]["raw"] == "By form"
    assert answer.json["sticky"] is False
    changed = ann.ask("PUT", f"/posts/{answer.json['id']}", data={"title[raw]": "Again"})
    assert changed.json is not None
    assert changed.json["title"]["raw"] == "Again"


def test_the_body_goes_before_the_query(ann: Program) -> None:
    answer = ann.ask("POST", "/posts?title=Query", json={"title": "Body"})
    assert answer.json is not None
    assert answer.json["title"]["raw"] == "Body"


def test_fields_are_chosen_even_within_others(ann: Program) -> None:
    post = ann.made("/posts", title="T", content="C", status="publish")
    shown = ann.shown(f"/posts/{post['id']}?_fields=id,title.rendered,content.protected,_links.self")
    assert set(shown) == {"id", "title", "content", "_links"}
    assert shown["title"] == {"rendered": "T"}
    assert shown["content"] == {"protected": False}
    assert set(shown["_links"]) == {"self"}
