"""What a process does for its first visitors."""

from pathlib import Path
from typing import Any

import pytest

from apps.chassis import catalogues
from apps.chassis.app import Application, create_app
from apps.chassis.settings import Settings
from apps.whatisthetime import cities, present, search
from apps.whatisthetime.warmth import Warmth
from tests.support.waiting import wait_until

PATHS = ("/", "/world", "/convert", "/meet?add=bombai", "/zones", "/zones/Asia/Seoul", "/search?q=busann", "/api")


@pytest.fixture
def site(tmp_path: Path) -> Application:
    """A site that nobody has asked yet."""
    for made in (*search.PARTS, catalogues.catalogue):
        made.cache_clear()  # type: ignore[attr-defined]
    present._known.clear()
    return create_app(Settings.from_environ({"APP": "whatisthetime", "VAR_DIR": str(tmp_path)}))


def too_late(*_arguments: Any, **_options: Any) -> None:
    raise AssertionError("a visitor would wait for this")


def test_no_visitor_waits_for_what_is_made_once(site: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    warmth = Warmth(site, pause_seconds=0)
    assert warmth.ready() == {"ok": True, "detail": "not begun"}
    warmth.start()
    wait_until(lambda: warmth.ready()["detail"] == "warm")
    for owner, name in (
        (site.jinja_env, "compile"),
        (catalogues, "_parsed"),
        (cities, "_rows"),
        (search, "_city_keys"),
        (present, "glance"),
    ):
        monkeypatch.setattr(owner, name, too_late)
    client = site.test_client()
    for path in PATHS:
        for language in ("en", "ko"):
            assert client.get(path, headers={"Accept": "text/html", "Accept-Language": language}).status_code in {
                200,
                404,
            }


def test_what_fails_is_told_and_stops_nobody(site: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cities, "_rows", too_late)
    warmth = Warmth(site, pause_seconds=0)
    warmth.start()
    wait_until(lambda: warmth.ready()["detail"] == "failed: AssertionError")
    assert warmth.ready()["ok"]
    assert site.test_client().get("/health/ready").status_code == 200


def test_a_process_that_stops_warms_nothing(site: Application) -> None:
    warmth = Warmth(site, pause_seconds=60)
    warmth.start()
    warmth.stop()
    assert warmth.ready()["detail"] == "not begun"
    assert not site.jinja_env.cache
