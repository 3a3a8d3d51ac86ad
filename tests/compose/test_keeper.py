"""What ends comes back; what somebody has stopped, and a zone that is down, is left alone."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from beanstalk.commands import ROOT
from compose.dockerapi import DockerApi, Refused
from compose.keeper import GRACE_SECONDS, PATIENCE_SECONDS, Keeper
from tests.compose.docker_engine import DockerEngine, haproxy, serving
from tests.support.waiting import wait_until

NOW = 1_800_000_000.0
ENDED, DEAD, ILL = PATIENCE_SECONDS["ended"], PATIENCE_SECONDS["dead to the balancer"], PATIENCE_SECONDS["ill"]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[DockerEngine]:
    engine = DockerEngine(tmp_path / "docker.sock")
    for number in (1, 2):
        engine.add(f"web-{number}")
    engine.add("worker", role="worker")
    engine.add("daemon", role="daemon", beside="worker")
    engine.add("relay", zone="b", role="relay")
    with serving(engine):
        yield engine


@pytest.fixture
def keeper(engine: DockerEngine, tmp_path: Path) -> Keeper:
    keeper = Keeper(DockerApi(str(engine.path), "shop"), str(tmp_path / "balancer.sock"))
    keeper.look(NOW)
    return keeper


def test_what_was_killed_is_started_again_after_a_moment(engine: DockerEngine, keeper: Keeper) -> None:
    engine.kill("web-1")
    keeper.look(NOW + 1)
    keeper.look(NOW + ENDED)
    assert engine.asked == []
    keeper.look(NOW + 1 + ENDED)
    keeper.look(NOW + 2 + ENDED)
    assert engine.asked == ["start web-1"]


def test_whoever_shares_its_network_is_restarted_with_it(engine: DockerEngine, keeper: Keeper) -> None:
    engine.kill("worker")
    keeper.look(NOW + 1)
    keeper.look(NOW + 1 + ENDED)
    assert engine.asked == ["start worker", "restart daemon"]


def test_what_somebody_stopped_stays_stopped_until_it_is_started(engine: DockerEngine, keeper: Keeper) -> None:
    engine.stop("web-1")
    for seconds in range(1, 60):
        keeper.look(NOW + seconds)
    assert engine.asked == []
    engine.events.append({"Action": "start", "Actor": {"ID": "web-1"}})
    keeper.look(NOW + 60)
    keeper.look(NOW + 60 + ENDED)
    assert engine.asked == ["start web-1"]


def test_a_zone_in_which_nothing_runs_is_left_alone(engine: DockerEngine, keeper: Keeper) -> None:
    # One by one, and slower than a single one is waited for.
    for number, name in enumerate(("web-1", "web-2", "worker", "daemon")):
        engine.kill(name)
        keeper.look(NOW + 1 + number * (ENDED - 1))
    keeper.look(NOW + 1000)
    assert engine.asked == []
    engine.containers["worker"]["State"] = "paused"
    keeper.look(NOW + 1001)
    keeper.look(NOW + 1001 + ENDED)
    assert sorted(engine.asked) == ["start daemon", "start web-1", "start web-2"]


def test_what_had_ended_before_the_keeper_came_is_left_to_whoever_starts_everything(engine: DockerEngine) -> None:
    engine.kill("web-1")
    keeper = Keeper(DockerApi(str(engine.path), "shop"), "/nowhere")
    keeper.look(NOW)
    keeper.look(NOW + 1000)
    assert engine.asked == []


def test_a_task_that_has_been_done_is_not_done_again(engine: DockerEngine, keeper: Keeper) -> None:
    engine.add("seed", role="once")
    engine.kill("seed")
    keeper.look(NOW + 1)
    keeper.look(NOW + 1000)
    assert engine.asked == []


def test_an_instance_that_is_dead_to_the_balancer_is_restarted(
    engine: DockerEngine, keeper: Keeper, tmp_path: Path
) -> None:
    engine.add("web-3")
    with haproxy(tmp_path / "balancer.sock"):
        keeper.look(NOW + 1)
        keeper.look(NOW + DEAD)
        assert engine.asked == []
        keeper.look(NOW + 1 + DEAD)
    assert engine.asked == ["restart web-2"]


def test_an_instance_that_is_still_young_gets_the_time_to_start(
    engine: DockerEngine, keeper: Keeper, tmp_path: Path
) -> None:
    engine.add("web-2", started_at=NOW)
    with haproxy(tmp_path / "balancer.sock"):
        keeper.look(NOW + 1)
        keeper.look(NOW + GRACE_SECONDS - 1)
        assert engine.asked == []
        keeper.look(NOW + GRACE_SECONDS)
    assert engine.asked == ["restart web-2"]


def test_a_paused_instance_is_left_as_it_is(engine: DockerEngine, keeper: Keeper, tmp_path: Path) -> None:
    engine.containers["web-2"]["State"] = "paused"
    with haproxy(tmp_path / "balancer.sock"):
        keeper.look(NOW + 1)
        keeper.look(NOW + 1000)
    assert engine.asked == []


def test_what_is_ill_for_long_is_restarted_and_what_recovers_is_not(engine: DockerEngine, keeper: Keeper) -> None:
    relay = engine.containers["relay"]
    relay["Status"] = "Up 5 minutes (unhealthy)"
    keeper.look(NOW + 1)
    relay["Status"] = "Up 5 minutes (healthy)"
    keeper.look(NOW + 30)
    relay["Status"] = "Up 5 minutes (unhealthy)"
    keeper.look(NOW + 31)
    keeper.look(NOW + 30 + ILL)
    assert engine.asked == []
    keeper.look(NOW + 31 + ILL)
    assert engine.asked == ["restart relay"]


def test_what_the_engine_refuses_is_told(engine: DockerEngine) -> None:
    with pytest.raises(Refused, match="404"):
        DockerApi(str(engine.path), "shop").start("unknown")


def test_it_goes_on_while_the_engine_is_away_until_it_is_told_to_end(tmp_path: Path) -> None:
    path = tmp_path / "docker.sock"
    environ = {"PATH": os.environ["PATH"], "PROJECT": "shop", "DOCKER_SOCKET": str(path)}
    with (tmp_path / "log").open("wb") as log:
        command = [sys.executable, "-m", "compose.keeper"]
        process = subprocess.Popen(command, env=environ, cwd=ROOT, stdout=log, stderr=log)
    wait_until(lambda: "cannot look" in (tmp_path / "log").read_text(), 20)
    engine = DockerEngine(path)
    with serving(engine):
        engine.add("web-1")
        wait_until(lambda: engine.looked, 20)
        process.terminate()
        assert process.wait(10) == 0
