"""One version after another: nobody notices, and one that fails is never seen."""

import threading
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import pytest

from tests.beanstalk.platform.tiny import tiny
from tests.services.platform import Platform
from tests.support.load import Visitors
from tests.support.waiting import wait_until

READY = "#!/bin/sh\ncurl --silent --fail-with-body http://127.0.0.1/red && exit 0\necho the paint is not dry\nexit 7\n"
CHANGED = '#!/bin/sh\necho "$0 $COLOUR" >>/var/log/changes\n[ "$COLOUR" != ultraviolet ]\n'
FILES: Mapping[str, str] = {
    ".platform/hooks/postdeploy/1-ready.sh": READY,
    ".platform/hooks/predeploy/1-once.sh": "#!/bin/sh\necho deployed >>/var/log/changes\n",
    **{f".platform/confighooks/{name}/1-change.sh": CHANGED for name in ("prebuild", "predeploy", "postdeploy")},
}


@pytest.fixture(scope="module")
def serving(lasting_platform: Callable[..., Platform], tmp_path_factory: pytest.TempPathFactory) -> Platform:
    instance = lasting_platform("myclothes", "web")
    instance.start(tiny(tmp_path_factory.mktemp("bundle") / "first.zip", "first", FILES), COLOUR="red")
    return instance


def test_a_new_version_takes_over_without_an_answer_lost(serving: Platform, tmp_path: Path) -> None:
    before = serving.get("/").body
    with Visitors(serving.port, "/") as visitors:
        wait_until(partial(visitors.have_seen, before))
        for version in ("second", "third"):
            deployed = serving.deploy(tiny(tmp_path / f"{version}.zip", version, FILES))
            assert deployed.returncode == 0, deployed.stdout + deployed.stderr
            wait_until(partial(visitors.have_seen, version))
    assert visitors.trouble == []
    assert set(visitors.answers) == {before, "second", "third"}


def test_what_has_begun_is_finished_by_the_version_that_began_it(serving: Platform, tmp_path: Path) -> None:
    begun = serving.get("/").body
    answers: list[str] = []
    slow = threading.Thread(target=lambda: answers.append(serving.get("/slow").body))
    slow.start()
    wait_until(lambda: "/slow" not in serving.log("nginx/access.log") and slow.is_alive())
    assert serving.deploy(tiny(tmp_path / "next.zip", "next", FILES)).returncode == 0
    assert serving.get("/").body == "next"
    slow.join()
    assert answers == [begun]
    wait_until(lambda: len(list((serving.folder / "versions").iterdir())) == 1, 10)


def test_red_readiness_leaves_the_old_version_serving(serving: Platform, tmp_path: Path) -> None:
    before = serving.get("/").body
    with Visitors(serving.port, "/", visitors=2) as visitors:
        deployed = serving.deploy(tiny(tmp_path / "red.zip", "red", FILES, red=True))
        wait_until(partial(visitors.have_seen, before))
    assert deployed.returncode == 1
    assert "hooks/postdeploy/1-ready.sh ended with exit code 7:" in deployed.stdout
    assert "the paint is not dry" in deployed.stdout
    assert visitors.trouble == []
    assert set(visitors.answers) == {before}
    assert len(list((serving.folder / "versions").iterdir())) == 1


@pytest.mark.parametrize(
    ("files", "complaint"),
    [
        ({".ebextensions/a.config": "container_commands: {1-mix: {command: echo no brush; false}}"}, "no brush"),
        ({"Procfile": "web: gunicorn --bind :8000 no.such.module\n"}, "No module named 'no'"),
        # To find out takes pip a while.
        pytest.param({"requirements.txt": "gunicorn==\n"}, "requirements cannot be installed", marks=pytest.mark.long),
        ({".platform/nginx/conf.d/paint.conf": "colour red;\n"}, 'unknown directive "colour"'),
    ],
)
def test_whatever_fails_is_told_and_changes_nothing(
    serving: Platform, tmp_path: Path, files: dict[str, str], complaint: str
) -> None:
    before = serving.get("/").body
    deployed = serving.deploy(tiny(tmp_path / "failing.zip", "failing", files))
    assert deployed.returncode == 1
    assert complaint in deployed.stdout
    assert serving.get("/").body == before


def test_properties_change_by_confighooks_alone(serving: Platform) -> None:
    version = serving.get("/").body
    begins = len(serving.log("changes").splitlines())
    with Visitors(serving.port, "/colour", visitors=2) as visitors:
        wait_until(partial(visitors.have_seen, "red"))
        assert serving.setenv("COLOUR=blue", "SIZE=").returncode == 0
        wait_until(partial(visitors.have_seen, "blue"))
    assert visitors.trouble == []
    assert set(visitors.answers) == {"red", "blue"}
    assert serving.get("/").body == version
    noted = [line.split("confighooks/")[1] for line in serving.log("changes").splitlines()[begins:]]
    assert noted == [f"{moment}/1-change.sh blue" for moment in ("prebuild", "predeploy", "postdeploy")]
    refused = serving.setenv("COLOUR=ultraviolet")
    assert refused.returncode == 1
    assert "confighooks/prebuild/1-change.sh ended with exit code 1" in refused.stdout
    assert serving.get("/colour").body == "blue"
    assert serving.setenv("COLOUR=red").returncode == 0


def test_a_first_deployment_that_fails_ends_everything(platform: Callable[..., Platform], tmp_path: Path) -> None:
    instance = platform("myclothes", "worker")
    instance.begin(tiny(tmp_path / "red.zip", "red", FILES, red=True))
    assert instance.ended() == 1
    assert "the paint is not dry" in instance.said()
    assert instance.processes() == []
    nobody = instance.deploy(tmp_path / "red.zip")
    assert nobody.returncode == 1
    assert "does not run" in nobody.stderr
