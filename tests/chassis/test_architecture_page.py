"""The page that draws what is running tells each part's state, and is shown whatever is away."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from apps.chassis.app import Application, create_app
from apps.chassis.settings import Settings
from tests.support.apps import close

JSON = {"Accept": "application/json"}
AWAY = {
    "DATABASE_URL": "mysql://nobody@127.0.0.1:1/none",
    "DATABASE_REPLICA_URLS": "mysql://nobody@127.0.0.1:1/none",
    "SESSION_URL": "redis://127.0.0.1:1/0",
    "CACHE_URL": "redis://127.0.0.1:1/0",
}


Make = Callable[..., Application]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Make]:
    made: list[Application] = []

    def make(**environ: str) -> Application:
        made.append(create_app(Settings.from_environ({"APP": "mywordpress", "VAR_DIR": str(tmp_path), **environ})))
        return made[-1]

    yield make
    for app in made:
        close(app)


def parts(app: Application) -> dict[str, dict[str, Any]]:
    answer = app.test_client().get("/architecture", headers=JSON)
    assert answer.json is not None
    return {part["name"]: part for part in answer.json["parts"]}


def test_every_part_is_told_with_what_it_is_made_of(site: Make) -> None:
    found = parts(site())
    assert list(found) == ["writer", "sessions", "cache", "storage", "queue"]
    assert {part["kind"] for part in found.values()} == {"sqlite", "file"}
    assert all(part["ok"] for part in found.values())
    assert found["writer"]["answered"]


def test_hits_of_the_cache_are_counted(site: Make) -> None:
    app = site()
    assert parts(app)["cache"]["hit_rate"] is None
    for outcome in ("hit", "hit", "hit", "miss"):
        app.metrics.observe("front.index", 200, 0.01, outcome, "writer")
    told = parts(app)["cache"]
    assert (told["hit"], told["miss"], told["hit_rate"]) == (3, 1, 0.75)
    page = app.test_client().get("/architecture", headers={"Accept": "text/html"}).text
    assert "75 %" in page


def test_what_is_away_is_named_and_the_page_is_shown(site: Make) -> None:
    app = site(**AWAY)
    assert {name for name, part in parts(app).items() if not part["ok"]} == {"writer", "reader-1", "sessions", "cache"}
    answer = app.test_client().get("/architecture", headers={"Accept": "text/html"})
    assert answer.status_code == 200
    assert "Writer, Reader 1, Sessions, Cache" in " ".join(answer.text.split())
    assert "127.0.0.1:1" not in answer.text
    assert "nobody" not in answer.text


def test_a_visitor_who_wrote_reads_from_the_writer(site: Make) -> None:
    app = site(**AWAY)
    assert app.pin is not None
    client = app.test_client()
    client.set_cookie(app.pin.name, app.pin.value())
    assert "You wrote a moment ago" in client.get("/architecture", headers={"Accept": "text/html"}).text


def test_nothing_is_told_where_the_architecture_is_not_shown(site: Make) -> None:
    assert site(APP="myclothes", SHOW_ARCHITECTURE="0").test_client().get("/architecture").status_code == 404
