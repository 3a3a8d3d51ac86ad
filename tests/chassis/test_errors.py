"""Errors: a page for people, JSON for programs, and never a trace."""

from pathlib import Path

import pytest
from flask import Blueprint

from apps.chassis.app import create_app, create_worker
from apps.chassis.jobs import QueueUnavailable
from apps.chassis.settings import Settings
from apps.chassis.sites import Site
from apps.chassis.storage import StorageUnavailable
from tests.chassis.tiny import SITE, tiny_app

pytestmark = pytest.mark.unit


def test_a_person_gets_a_page_with_the_reason_escaped(tmp_path: Path) -> None:
    answer = tiny_app(tmp_path).test_client().get("/teapot", headers={"Accept": "text/html"})
    assert answer.status_code == 418
    assert answer.mimetype == "text/html"
    assert "This is &lt;b&gt;short&lt;/b&gt; and stout." in answer.text
    assert answer.headers["X-Request-Id"] in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_program_gets_json(tmp_path: Path) -> None:
    answer = tiny_app(tmp_path).test_client().get("/teapot", headers={"Accept": "application/json"})
    assert answer.json == {
        "error": {"status": 418, "title": "I'm a teapot", "detail": "This is <b>short</b> and stout."},
        "request_id": answer.headers["X-Request-Id"],
    }


def test_a_wrong_method_names_the_right_ones(tmp_path: Path) -> None:
    answer = tiny_app(tmp_path).test_client().delete("/", headers={"Accept": "application/json"})
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_a_bug_is_logged_and_not_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answer = tiny_app(tmp_path, LOG_FORMAT="json").test_client().get("/broken", headers={"Accept": "text/html"})
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "RuntimeError: a secret detail" in capsys.readouterr().out


@pytest.mark.parametrize("missing", [QueueUnavailable, StorageUnavailable])
def test_a_missing_backend_is_503_with_a_time_to_retry(tmp_path: Path, missing: type[Exception]) -> None:
    def views() -> list[Blueprint]:
        blueprint = Blueprint("away", __name__)

        @blueprint.get("/")
        def index() -> str:
            raise missing("disk-7.internal: no such device")

        return [blueprint]

    site = Site(name=SITE.name, title="Away", package=SITE.package, blueprints=views, sessions=False)
    answer = tiny_app(tmp_path, site).test_client().get("/", headers={"Accept": "text/html"})
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert "disk-7" not in answer.text


def test_a_form_of_two_megabytes_is_refused(tmp_path: Path) -> None:
    def views() -> list[Blueprint]:
        from flask import request

        blueprint = Blueprint("form", __name__)

        @blueprint.post("/")
        def create() -> dict[str, int]:
            return {"fields": len(request.form)}

        return [blueprint]

    site = Site(name=SITE.name, title="Form", package=SITE.package, blueprints=views, sessions=False)
    client = tiny_app(tmp_path, site).test_client()
    assert client.post("/", data={"text": "x" * 2_000_000}).status_code == 413
    assert client.post("/", data={"text": "x"}).json == {"fields": 1}


@pytest.mark.parametrize(
    ("app", "way"),
    [("whatisthetime", 'href="/zones"'), ("myclothes", 'action="/search"'), ("mywordpress", 'href="/feed/"')],
)
# Where a page of the journal could stand, nobody can tell without its database that there is none.
@pytest.mark.parametrize(("path", "status"), [("/static/nowhere", 404), ("/whoami", 200)])
def test_a_sites_navigation_is_there_when_its_backends_are_not(
    tmp_path: Path, app: str, way: str, path: str, status: int
) -> None:
    away = {"DATABASE_URL": "mysql://nobody@127.0.0.1:1/none", "SESSION_URL": "redis://127.0.0.1:1/0"}
    settings = Settings.from_environ({"APP": app, "VAR_DIR": str(tmp_path), **away})
    client = create_app(settings).test_client()
    client.set_cookie(f"{app}-session", "somebody")
    answer = client.get(path, headers={"Accept": "text/html"})
    assert (answer.status_code, way in answer.text) == (status, True)


def test_a_worker_has_no_navigation_to_show(tmp_path: Path) -> None:
    settings = Settings.from_environ({"APP": "mywordpress.worker", "VAR_DIR": str(tmp_path)})
    answer = create_worker(settings).test_client().get("/nowhere", headers={"Accept": "text/html"})
    assert (answer.status_code, "/feed/" in answer.text) == (404, False)


def test_an_error_is_told_in_our_words_unless_the_view_has_its_own(tmp_path: Path) -> None:
    client = tiny_app(tmp_path).test_client()
    assert "It may have moved" in client.get("/nowhere", headers={"Accept": "text/html"}).text
    assert "stout" in client.get("/teapot", headers={"Accept": "text/html"}).text
