"""Whatever is sent, it is answered by a status below 500, in JSON."""

import json
from typing import Any
from urllib.parse import urlencode

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.mywordpress.accounts.roles import Role
from apps.mywordpress.api.routing import Route
from apps.mywordpress.api.table import ROUTES
from tests.mywordpress.api.conftest import Program, code
from tests.mywordpress.conftest import Journal

NASTY: list[Any] = [
    None, True, 0, -1, 1, 2**31, 2**63, -(2**63), 10**400, 1.5, 1e308, "", "0", "-1", "1e9", "9" * 50, "\x00",
    "\ud800", "é\u202e", "a" * 3000, "%", "_", "'", "\\", "[]", "2026-02-30T00:00:00", "0000-00-00T00:00:00",
    "2026-01-01T00:00:00",
    [], [None], [[1]], ["x", 1], {}, {"raw": None}, {"raw": {"raw": 1}}, {"terms": "x"}, {"a": {"b": []}},
    "any", "edit",
]  # fmt: skip
# Deleting itself would end the test.
KEPT = {"/wp/v2/users/me", "/wp/v2/settings"}


def filled(route: Route, number: str) -> str:
    path = route.pattern
    for name in route.args:
        start = path.index(f"(?P<{name}>")
        depth, end = 0, start
        while True:
            depth += {"(": 1, ")": -1}.get(path[end], 0)
            end += 1
            if depth == 0:
                break
        path = path[:start] + number + path[end:]
    return path


@st.composite
def requests(draw: st.DrawFn) -> tuple[str, str, dict[str, Any], bool]:
    route = draw(st.sampled_from([one for one in ROUTES if one.pattern not in KEPT]))
    endpoint = draw(st.sampled_from(route.endpoints))
    names = [*endpoint.args, "_fields", "_embed"]
    sent = draw(st.dictionaries(st.sampled_from(names), st.sampled_from(NASTY), max_size=4))
    number = draw(st.sampled_from(["1", "2", "0", "9" * 30]))
    return draw(st.sampled_from(endpoint.methods)), filled(route, number), sent, draw(st.booleans())


def test_nothing_that_is_sent_breaks_anything(journal: Journal, ada: Program, programs: Any) -> None:
    post = journal.post()
    ada.made("/comments", post=post.id, content="x")
    ada.made("/categories", name="Shelf")
    who = [ada, Program(journal), programs(Role.CONTRIBUTOR)]

    @settings(max_examples=120, deadline=None, database=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(requests(), st.sampled_from(range(3)))
    def ask(asked: tuple[str, str, dict[str, Any], bool], number: int) -> None:
        method, path, sent, as_form = asked
        plain = {name: json.dumps(value) if isinstance(value, (dict, list)) else value for name, value in sent.items()}
        query = urlencode({name: value for name, value in plain.items() if value is not None}, errors="replace")
        more: dict[str, Any] = {}
        if method != "GET" and not as_form:
            query, more = "", {"data": json.dumps(sent), "content_type": "application/json"}
        answer = who[number].ask(method, f"/wp-json{path}?{query}", **more)
        assert answer.status_code < 500 or answer.json["code"] == "rest_trash_not_supported", (asked, answer.text)
        assert answer.mimetype == "application/json"

    ask()


def test_bodies_of_other_kinds_break_nothing(ann: Program) -> None:
    bodies = {
        "application/json": [b"null", b"[1]", b'"x"', b"1", b"", b"\xef\xbb\xbf{}", b'{"title": "\xff"}'],
        "application/x-www-form-urlencoded": [b"%ff=%ff", b"title[=x", b"title[a][b][c][d][e][f]=x", b"&" * 2000],
        "multipart/form-data": [b"x"],
        "multipart/form-data; boundary=x": [b"--x\r\n\r\n", b""],
        "text/plain": [b"title=x"],
    }
    for kind, sent in bodies.items():
        for body in sent:
            answer = ann.ask("POST", "/posts", data=body, content_type=kind)
            assert (answer.status_code, answer.json["code"]) in {
                (400, "empty_content"),
                (400, "rest_invalid_json"),
                (400, "rest_invalid_param"),
                (400, "rest_invalid_request"),
            }, (kind, body, answer.text)


def test_nested_names_cost_nothing(ann: Program) -> None:
    deep = "title" + "[a]" * 2000
    assert ann.ask("POST", f"/posts?{deep}=x").status_code == 400
    assert ann.get(f"/posts?_fields={'a.' * 2000}").status_code == 200


def test_a_text_is_as_long_as_a_form_takes_however_it_is_escaped(ann: Program) -> None:
    made = ann.made("/posts", title="T", content="바" * 200_000)
    assert len(made["content"]["raw"]) == 200_000
    assert ann.post("/posts", title="T", content="바" * 200_001).status_code == 400


def test_strangers_send_nothing_large(journal: Journal) -> None:
    for path in ("/media", "/posts"):
        assert code(Program(journal).post(path, title="x" * 1_200_000)) == (413, "rest_upload_file_too_big")
