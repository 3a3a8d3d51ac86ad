"""Errors: a page for people, JSON for programs, and never a trace."""

from pathlib import Path

import pytest
from flask import Blueprint

from apps.chassis.jobs import QueueUnavailable
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
