"""Each web process measures its own clock, says so in its readiness and its metrics, and ends when it is told."""

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from apps.chassis.app import create_app, create_worker
from apps.chassis.settings import Settings
from apps.whatisthetime import accuracy, ntp
from apps.whatisthetime.accuracy import Accuracy, ClockWatch
from beanstalk.plan import free_port
from beanstalk.probe import answer
from tests.services.chrony import Chrony
from tests.support.sites import RunningSite
from tests.support.waiting import wait_until


@pytest.fixture
def watch(chrony: Chrony) -> Iterator[ClockWatch]:
    """A watch that may be off by half a second, and is not started yet."""
    made = ClockWatch(chrony.server, 0.5)
    yield made
    made.stop()
    wait_until(lambda: not threads())


def threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "clock"]


def measured(watch: ClockWatch) -> Accuracy:
    wait_until(lambda: watch.reading() is not None)
    found = watch.reading()
    assert found
    return found


def test_nothing_is_known_before_the_first_measurement(watch: ClockWatch) -> None:
    assert watch.reading() is None
    assert watch.ready() == {"ok": True, "detail": "not measured: not yet"}
    assert watch.gauges() == {}


def test_without_a_server_nothing_runs_and_this_is_said() -> None:
    watch = ClockWatch(None, 0.5)
    watch.start()
    assert threads() == []
    assert watch.ready() == {"ok": True, "detail": "not measured: NTP_SERVER is off"}


def test_a_right_clock_is_ready(watch: ClockWatch) -> None:
    watch.start()
    found = measured(watch)
    ready = watch.ready()
    assert (ready["ok"], ready["detail"]) == (True, "ok")
    assert abs(ready["offset_seconds"]) <= ready["bound_seconds"]
    assert abs(found.offset) <= found.bound
    assert set(watch.gauges()) == {
        "clock_offset_seconds",
        "clock_offset_bound_seconds",
        "clock_measured_seconds_ago",
    }


def test_a_wrong_clock_is_not_ready(chrony: Chrony, watch: ClockWatch, caplog: pytest.LogCaptureFixture) -> None:
    shifted = chrony.shift(30)
    watch.start()
    measured(watch)
    ready = watch.ready()
    assert (ready["ok"], ready["detail"]) == (False, "wrong by more than 0.5 s")
    assert ready["offset_seconds"] == pytest.approx(shifted, abs=0.1)
    assert watch.gauges()["clock_offset_seconds"] == pytest.approx(shifted, abs=0.1)
    wait_until(lambda: "s behind" in caplog.text)
    assert [record.levelname for record in caplog.records] == ["WARNING"]


def test_a_clock_that_is_set_later_shows_at_the_next_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sets this machine's clock, so what tells its time is exchanged."""
    sample = ntp.Sample(true=time.time(), monotonic=time.monotonic(), bound=0.001)
    assert accuracy.of(sample).offset == pytest.approx(0, abs=0.1)
    wall = time.time
    monkeypatch.setattr(time, "time", lambda: wall() + 5)
    assert accuracy.of(sample).offset == pytest.approx(-5, abs=0.1)


def test_an_old_measurement_is_less_sure() -> None:
    sample = ntp.Sample(true=time.time() - 1000, monotonic=time.monotonic() - 1000, bound=0.001)
    found = accuracy.of(sample)
    assert found.age == pytest.approx(1000, abs=0.1)
    assert found.bound == pytest.approx(0.016, abs=0.001)


def test_a_clock_may_only_be_called_wrong_when_it_surely_is() -> None:
    assert Accuracy(offset=-0.6, bound=0.2, age=1).is_within(0.5)
    assert not Accuracy(offset=-0.6, bound=0.05, age=1).is_within(0.5)


def test_a_server_that_is_away_is_told_and_is_no_fault(
    chrony: Chrony, watch: ClockWatch, caplog: pytest.LogCaptureFixture
) -> None:
    chrony.kill()
    watch.start()
    wait_until(lambda: watch.ready()["detail"] == "not measured: Connection refused")
    assert watch.ready()["ok"] is True
    wait_until(lambda: "cannot be measured: Connection refused" in caplog.text)


def test_the_last_measurement_stands_while_the_server_is_away(
    chrony: Chrony, watch: ClockWatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accuracy, "INTERVAL_SECONDS", 0.01)
    watch.start()
    measured(watch)
    chrony.kill()
    wait_until(lambda: watch.ready()["detail"] == "ok; the last attempt failed: Connection refused")
    assert watch.reading() is not None


def test_a_server_that_comes_back_is_asked_again(
    chrony: Chrony, watch: ClockWatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accuracy, "FIRST_PAUSE_SECONDS", 0.01)
    chrony.kill()
    watch.start()
    wait_until(lambda: "refused" in watch.ready()["detail"])
    chrony.start()
    wait_until(lambda: watch.ready()["detail"] == "ok")


def test_the_mark_of_a_stop_in_the_master_does_not_reach_its_children(watch: ClockWatch) -> None:
    watch.stop()
    watch.start()
    assert measured(watch)


def test_the_worker_has_no_watch_and_the_site_has_one(tmp_path: Path) -> None:
    settings = {"APP": "whatisthetime", "VAR_DIR": str(tmp_path), "NTP_SERVER": "127.0.0.1:9"}
    site = create_app(Settings.from_environ(settings))
    assert "clock" in site.watches
    assert create_worker(Settings.from_environ(settings | {"APP": "whatisthetime.worker"})).watches == {}
    assert "not measured: not yet" in site.test_client().get("/health/ready").text


def test_a_whole_server_turns_red_when_its_clock_is_found_to_be_wrong(
    chrony: Chrony, run_site: Callable[..., RunningSite]
) -> None:
    shifted = chrony.shift(3600)
    # Silent at first, so that the site is ready when it starts.
    chrony.pause()
    (host, port), metrics = chrony.server, f"127.0.0.1:{free_port()}"
    environ = {"NTP_SERVER": f"{host}:{port}", "METRICS_BIND": metrics, "WEB_CONCURRENCY": "1"}
    site = run_site("whatisthetime", environ)
    chrony.unpause()
    wait_until(lambda: answer(f"{site.url}/health/ready")[0] == 503, 15)
    clock = json.loads(answer(f"{site.url}/health/ready")[1])["parts"]["clock"]
    assert (clock["ok"], clock["detail"]) == (False, "wrong by more than 0.5 s")
    assert clock["offset_seconds"] == pytest.approx(shifted, abs=0.5)
    assert answer(f"{site.url}/health/live")[0] == 200
    assert re.search(r"^clock_offset_seconds 3[56]\d\d", gauges(metrics), re.MULTILINE)
    chrony.pause()
    began = time.monotonic()
    site.stop()
    assert time.monotonic() - began < 3


def gauges(metrics: str) -> str:
    with urlopen(f"http://{metrics}/metrics", timeout=5) as found:
        return str(found.read(), "utf-8")
