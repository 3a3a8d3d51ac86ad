"""How clients find the API, and what holds for all of its routes."""

import re

import pytest

from tests.mywordpress.api.conftest import Program, code
from tests.mywordpress.conftest import Journal

ROUTES = {
    "/wp/v2/posts",
    "/wp/v2/posts/(?P<id>[\\d]+)",
    "/wp/v2/posts/(?P<parent>[\\d]+)/revisions",
    "/wp/v2/posts/(?P<parent>[\\d]+)/revisions/(?P<id>[\\d]+)",
    "/wp/v2/posts/(?P<id>[\\d]+)/autosaves",
    "/wp/v2/pages",
    "/wp/v2/comments",
    "/wp/v2/categories",
    "/wp/v2/tags",
    "/wp/v2/users",
    "/wp/v2/users/me",
    "/wp/v2/users/(?P<user_id>(?:[\\d]+|me))/application-passwords",
    "/wp/v2/types",
    "/wp/v2/types/(?P<type>[\\w-]+)",
    "/wp/v2/statuses",
    "/wp/v2/taxonomies",
    "/wp/v2/search",
    "/wp/v2/settings",
}


def test_pages_lead_to_the_api(journal: Journal) -> None:
    page = journal.visitor().get("/")
    assert '<http://localhost/wp-json/>; rel="https://api.w.org/"' in page.headers.getlist("Link")
    assert '<link rel="https://api.w.org/" href="/wp-json/">' in page.text


def test_the_index_tells_what_there_is(stranger: Program) -> None:
    index = stranger.shown("/wp-json/")
    assert index["name"] == "MyWordPress"
    assert index["namespaces"] == ["wp/v2"]
    assert (index["url"], index["home"]) == ("http://localhost", "http://localhost")
    assert (index["gmt_offset"], index["timezone_string"]) == ("0", "UTC")
    assert "authorization" in index["authentication"]["application-passwords"]["endpoints"]
    assert set(index["routes"]) >= ROUTES
    posts = index["routes"]["/wp/v2/posts"]
    assert posts["methods"] == ["GET", "POST"]
    assert posts["endpoints"][0]["args"]["per_page"]["maximum"] == 100
    assert posts["_links"]["self"] == [{"href": "http://localhost/wp-json/wp/v2/posts"}]
    assert set(stranger.shown("/wp-json/?_fields=name,url")) == {"name", "url"}


def test_a_namespace_has_an_index_of_its_own(stranger: Program) -> None:
    assert stranger.shown("/wp-json/wp/v2/")["namespace"] == "wp/v2"


@pytest.mark.parametrize("path", ["/wp-json/wp/v2/posts", "/wp-json/wp/v2/posts/", "/?rest_route=/wp/v2/posts"])
def test_routes_have_several_spellings(stranger: Program, path: str) -> None:
    assert stranger.shown(path) == []


def test_by_query_everything_can_be_asked_that_can_be_by_path(stranger: Program, ann: Program) -> None:
    assert "routes" in stranger.shown("/?rest_route=/")
    made = ann.ask("POST", "/?rest_route=/wp/v2/posts", json={"title": "T", "status": "publish"})
    assert made.status_code == 201
    assert [one["id"] for one in stranger.shown("/?rest_route=/wp/v2/posts&per_page=1")] == [made.json["id"]]


def test_options_tells_the_schema(stranger: Program) -> None:
    answer = stranger.ask("OPTIONS", "/posts/1")
    body = answer.json
    assert body is not None
    assert body["namespace"] == "wp/v2"
    assert body["methods"] == ["GET", "POST", "PUT", "PATCH", "DELETE"]
    title = body["schema"]["properties"]["title"]
    assert title["type"] == "object"
    assert title["context"] == ["view", "edit", "embed"]
    assert "check" not in title
    assert body["schema"]["properties"]["link"]["readonly"] is True


def test_allow_tells_what_who_asks_may_do(journal: Journal, stranger: Program, ann: Program) -> None:
    post = journal.post()
    assert stranger.ask("OPTIONS", "/posts").headers["Allow"] == "GET"
    assert ann.ask("OPTIONS", "/posts").headers["Allow"] == "GET, POST"
    assert stranger.get(f"/posts/{post.id}").headers["Allow"] == "GET"
    assert ann.get(f"/posts/{post.id}").headers["Allow"] == "GET, POST, PUT, PATCH, DELETE"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/nothing"),
        ("DELETE", "/posts"),
        ("GET", "/wp-json/wp/v3/posts"),
        ("PUT", "/search"),
        ("GET", "/posts/x"),
    ],
)
def test_there_is_no_such_route(stranger: Program, method: str, path: str) -> None:
    assert code(stranger.ask(method, path)) == (404, "rest_no_route")


def test_heads_have_the_same_headers_and_no_body(journal: Journal, stranger: Program) -> None:
    journal.post()
    answer = stranger.ask("HEAD", "/posts")
    assert (answer.status_code, answer.data, answer.headers["X-WP-Total"]) == (200, b"", "1")


def test_clients_that_can_only_post_name_another_method(journal: Journal, ann: Program) -> None:
    post = journal.post()
    named = ann.ask("POST", f"/posts/{post.id}", headers={"X-HTTP-Method-Override": "DELETE"})
    assert named.json is not None
    assert named.json["status"] == "trash"
    gone = ann.ask("POST", f"/posts/{post.id}?_method=DELETE&force=true")
    assert gone.json is not None
    assert gone.json["deleted"] is True


def test_a_get_never_writes_whatever_it_names(journal: Journal, ann: Program) -> None:
    post = journal.post()
    assert ann.ask("GET", f"/posts/{post.id}?_method=DELETE").status_code == 200
    assert ann.get(f"/posts/{post.id}", **{"X-HTTP-Method-Override": "DELETE"}).status_code == 200
    assert ann.shown(f"/posts/{post.id}?context=edit")["status"] == "publish"


def test_an_envelope_holds_what_headers_would(journal: Journal, stranger: Program) -> None:
    journal.post()
    whole = stranger.shown("/posts?_envelope&per_page=1")
    assert whole["status"] == 200
    assert len(whole["body"]) == 1
    assert whole["headers"]["X-WP-Total"] == "1"


def test_pages_of_other_sites_may_read_without_cookies(journal: Journal, stranger: Program) -> None:
    answer = stranger.get("/posts", Origin="https://elsewhere.example")
    assert answer.headers["Access-Control-Allow-Origin"] == "https://elsewhere.example"
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert "X-WP-TotalPages" in answer.headers["Access-Control-Expose-Headers"]
    assert "Origin" in answer.headers["Vary"]
    preflight = stranger.ask("OPTIONS", "/posts", headers={"Origin": "https://elsewhere.example"})
    assert "Authorization" in preflight.headers["Access-Control-Allow-Headers"]
    assert "DELETE" in preflight.headers["Access-Control-Allow-Methods"]


def test_a_page_of_another_site_writes_with_a_password_only(journal: Journal, ann: Program) -> None:
    foreign = {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}
    assert ann.ask("POST", "/posts", json={"title": "T"}, headers=foreign).status_code == 201
    signed_in = journal.author().client
    answer = signed_in.post("/wp-json/wp/v2/posts", json={"title": "T"}, headers=foreign)
    assert code(answer) == (403, "rest_forbidden")


def test_a_password_in_a_header_opens_no_form_to_other_sites(journal: Journal, ann: Program) -> None:
    foreign = {"Origin": "https://elsewhere.example", **ann.headers}
    assert journal.author().client.post("/posts", data={"title": "T"}, headers=foreign).status_code == 403


def test_our_own_pages_ask_with_the_session_and_others_as_nobody(journal: Journal) -> None:
    signed_in, path = journal.author().client, "/wp-json/wp/v2/users/me"
    assert signed_in.get(path, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 200
    for foreign in ({"Sec-Fetch-Site": "same-site"}, {"Origin": "https://elsewhere.example"}):
        assert code(signed_in.get(path, headers=foreign)) == (401, "rest_not_logged_in")
    made = signed_in.post("/wp-json/wp/v2/posts", json={"title": "T"}, headers={"Sec-Fetch-Site": "same-origin"})
    assert made.status_code == 201


@pytest.mark.parametrize("environ", [{"SESSION_URL": "redis://127.0.0.1:1"}])
def test_nobody_who_writes_is_taken_for_a_stranger_while_sessions_are_away(journal: Journal) -> None:
    client = journal.app.test_client()
    client.set_cookie("mywordpress-session", "x" * 43)
    answer = client.post("/wp-json/wp/v2/posts", json={"title": "T"}, headers={"Sec-Fetch-Site": "same-origin"})
    assert (code(answer), answer.headers["Retry-After"]) == ((503, "rest_unavailable"), "5")
    assert client.get("/wp-json/wp/v2/posts").status_code == 200


def test_a_wrong_password_is_never_taken_for_nobody(stranger: Program, journal: Journal) -> None:
    for name in ("ann", "nobody"):
        answer = journal.app.test_client().get("/wp-json/wp/v2/posts", auth=(name, "x" * 24))
        assert code(answer) == (401, "incorrect_password")
    # Another scheme means nothing here, and keeps the session out.
    other = journal.author().client.get("/wp-json/wp/v2/users/me", headers={"Authorization": "Bearer x"})
    assert code(other) == (401, "rest_not_logged_in")


def test_answers_of_who_is_known_are_kept_nowhere(journal: Journal, stranger: Program, ann: Program) -> None:
    assert stranger.get("/posts").headers["Cache-Control"] == "no-cache"
    assert ann.get("/posts").headers["Cache-Control"] == "no-store"


@pytest.mark.usefixtures("one_window")
def test_strangers_are_slowed_down(journal: Journal, stranger: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.mywordpress.api.who.MOST_BY_STRANGERS", 2)
    answers = [stranger.get("/types") for _ in range(3)]
    assert code(answers[-1]) == (429, "rest_too_many_requests")
    assert re.fullmatch(r"\d+", answers[-1].headers["Retry-After"])


def test_a_database_that_is_away_is_told_in_json(journal: Journal, stranger: Program) -> None:
    from sqlalchemy.exc import OperationalError

    def away(path: str) -> str:
        raise OperationalError("SELECT", {}, Exception("gone"))

    journal.app.view_functions["api.answer"] = away
    answer = stranger.get("/posts")
    assert code(answer) == (503, "rest_unavailable")
    assert answer.headers["Retry-After"]
    assert answer.headers["Content-Type"] == "application/json; charset=UTF-8"


def test_people_without_a_picture_have_one_of_ours(stranger: Program) -> None:
    answer = stranger.get("/wp-json/avatars/3/%3C.svg?s=48")
    assert answer.mimetype == "image/svg+xml"
    assert "&lt;" in answer.text
    assert 'width="48"' in answer.text
    assert stranger.get("/wp-json/avatars/99/A.svg").status_code == 404
