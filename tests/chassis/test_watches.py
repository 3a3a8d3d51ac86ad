"""What a site keeps an eye on: started in each web process, told in its readiness and its metrics."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from apps.chassis.app import Application, create_worker
from apps.chassis.gauges import gauges
from tests.chassis.tiny import SITE, tiny_app


@dataclass
class Kettle:
    """A watch that is well while it is cold."""

    degrees: float
    happened: list[str] = field(default_factory=list)

    def start(self) -> None:
        self.happened.append("started")

    def stop(self) -> None:
        self.happened.append("stopped")

    def ready(self) -> Mapping[str, Any]:
        return {"ok": self.degrees < 100, "detail": f"{self.degrees:g} degrees"}

    def gauges(self) -> Mapping[str, float]:
        return {"kettle_degrees": self.degrees}


def app_with(kettle: Kettle, folder: Path) -> Application:
    return tiny_app(folder, replace(SITE, watches=lambda app: {"kettle": kettle}))


@pytest.mark.parametrize(("degrees", "status"), [(20.0, 200), (100.0, 503)])
def test_a_watch_is_a_part_of_readiness(tmp_path: Path, degrees: float, status: int) -> None:
    answer = app_with(Kettle(degrees), tmp_path).test_client().get("/health/ready")
    assert answer.status_code == status
    assert answer.get_json()["parts"]["kettle"] == {"ok": degrees < 100, "detail": f"{degrees:g} degrees"}


def test_a_watch_tells_its_figures(tmp_path: Path) -> None:
    assert gauges(app_with(Kettle(20), tmp_path))["kettle_degrees"] == 20


def test_a_watch_begins_and_ends_with_the_process_and_not_with_the_app(tmp_path: Path) -> None:
    kettle = Kettle(20)
    app = app_with(kettle, tmp_path)
    assert kettle.happened == []
    app.start_process()
    app.stop_process()
    assert kettle.happened == ["started", "stopped"]


def test_a_worker_watches_nothing(tmp_path: Path) -> None:
    kettle = Kettle(100)
    site = replace(SITE, watches=lambda app: {"kettle": kettle})
    app = tiny_app(tmp_path, site, create_worker, APP="whatisthetime.worker")
    app.start_process()
    assert kettle.happened == []
    assert app.test_client().get("/health/ready").status_code == 200
