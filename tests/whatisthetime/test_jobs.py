"""The worker's look at its own clock."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from apps.chassis.app import create_worker
from apps.chassis.settings import Settings
from apps.whatisthetime.jobs import Pace, jobs, measure_clock, measure_pace
from tests.services.chrony import Chrony
from tests.services.ministack import Ministack

DAEMON = {"User-Agent": "aws-sqsd/3.0", "X-Aws-Sqsd-Msgid": "m-1"}


def test_the_first_look_has_nothing_to_compare_with() -> None:
    assert Pace().measure(1000.0, 5.0) is None


@pytest.mark.parametrize("step", [0.0, 2.5, -3600.0])
def test_a_step_of_the_wall_clock_is_measured(step: float) -> None:
    pace = Pace()
    pace.measure(1000.0, 5.0)
    assert pace.measure(1060.0 + step, 65.0) == pytest.approx(step)
    assert pace.measure(1120.0 + step, 125.0) == pytest.approx(0.0)


def tick(folder: Path, **environ: str) -> int:
    """What the worker answers to the daemon's tick of a minute."""
    own = {"APP": "whatisthetime.worker", "VAR_DIR": str(folder), "INSTANCE_ID": "i-1", "AVAILABILITY_ZONE": "xx-1a"}
    worker = create_worker(Settings.from_environ(own | environ))
    return worker.test_client().post("/every/minute", headers=DAEMON).status_code


def address(chrony: Chrony) -> str:
    return "{}:{}".format(*chrony.server)


def said(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What the worker logged, without its requests and without the time at which it did."""
    return [line[9:] for line in capsys.readouterr().out.splitlines() if "POST /every" not in line]


def figure(ministack: Ministack, name: str) -> float:
    """What CloudWatch knows of a metric of this instance."""
    now = datetime.now(UTC)
    found = ministack.client("cloudwatch").get_metric_statistics(
        Namespace="Clocks",
        MetricName=name,
        Dimensions=[{"Name": "InstanceId", "Value": "i-1"}, {"Name": "AvailabilityZone", "Value": "xx-1a"}],
        StartTime=now - timedelta(hours=1),
        EndTime=now + timedelta(hours=1),
        Period=3600,
        Statistics=["Maximum"],
    )["Datapoints"]
    assert found[0]["Unit"] == "Seconds"
    return float(found[0]["Maximum"])


def test_the_clock_is_looked_at_each_minute() -> None:
    assert jobs.by_cadence == {"/every/minute": [measure_pace, measure_clock]}


def test_without_a_server_nothing_is_measured(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert tick(tmp_path) == 200
    assert said(capsys) == []


def test_a_tick_logs_how_right_the_clock_is(chrony: Chrony, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert tick(tmp_path, NTP_SERVER=address(chrony)) == 200
    chrony.shift(60)
    assert tick(tmp_path, NTP_SERVER=address(chrony)) == 200
    right, wrong = said(capsys)
    assert right.startswith("the clock of this machine is 0.0")
    assert wrong.startswith("WARNING the clock of this machine is ")
    assert " s behind (± " in wrong


def test_a_tick_tells_cloudwatch(
    chrony: Chrony, ministack: Ministack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_CLOUDWATCH", ministack.url)
    shifted = chrony.shift(-60)
    tick(tmp_path, NTP_SERVER=address(chrony), CLOUDWATCH_NAMESPACE="Clocks", AWS_REGION="us-east-1")
    assert figure(ministack, "ClockOffset") == pytest.approx(shifted, abs=0.5)
    assert figure(ministack, "ClockError") == pytest.approx(-shifted, abs=0.5)


def test_what_cannot_be_published_or_measured_is_logged_and_no_failure(
    chrony: Chrony, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_CLOUDWATCH", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    published = {"NTP_SERVER": address(chrony), "CLOUDWATCH_NAMESPACE": "Clocks", "AWS_REGION": "xx-nowhere-1"}
    assert tick(tmp_path, **published) == 200
    chrony.kill()
    assert tick(tmp_path, **published) == 200
    _, untold, unmeasured = said(capsys)
    assert untold.startswith("WARNING CloudWatch was not told how right the clock is: ")
    assert unmeasured == "WARNING the clock of this machine cannot be measured: Connection refused"
