"""What a bundle may say, done in the platform's order and places."""

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from beanstalk import var
from beanstalk.refusals import Refused
from tests.beanstalk.platform.tiny import tiny
from tests.services.platform import Platform
from tests.support.waiting import wait_until

NOTE = 'echo "{0} in $(basename "$PWD"), colour ${{COLOUR:-none}}" >>/var/log/trace'
EXTENSIONS = """
option_settings:
  aws:elasticbeanstalk:application:environment:
    COLOUR: red
    TABLE: /etc/painter.conf
  aws:elasticbeanstalk:application:
    Application Healthcheck URL: /
packages:
  yum:
    htop: []
groups:
  painters: {}
users:
  painter: {groups: [painters]}
files:
  /etc/painter.conf:
    mode: "000640"
    content: |
      lives at /var/app/current and listens on 127.0.0.1:8000
commands:
  1-note:
    command: |
      echo "commands in $(basename "$PWD"), colour ${COLOUR:-none}" >>/var/log/trace
services:
  systemd:
    painter: {enabled: true, ensureRunning: true}
container_commands:
  3-plain:
    command: %s
  2-not-needed:
    command: echo never >>/var/log/trace
    test: test -e /etc/no-such-file
  4-coloured:
    command: %s
    cwd: /var/app
    env: {COLOUR: green}
  5-failing:
    command: echo "failing" >>/var/log/trace; exit 3
    ignoreErrors: true
""" % (NOTE.format("plain"), NOTE.format("coloured"))  # noqa: UP031
LATER = f"""
option_settings:
  - option_name: SHAPE
    value: round
container_commands:
  9-leader:
    command: {NOTE.format("leader")}
    leader_only: true
"""
ASKING = """#!/bin/sh
set -eu
/opt/elasticbeanstalk/bin/get-config environment -k SHAPE >>/var/log/trace
"$(command -v systemctl)" restart rsyslog
curl --silent http://localhost/where >>/var/log/trace
"""


def hook(text: str) -> str:
    return f"#!/bin/sh\n{NOTE.format(text)}\n"


def with_everything(file: Path) -> Path:
    hooks = {f".platform/hooks/{name}/1-note.sh": hook(name) for name in ("prebuild", "predeploy", "postdeploy")}
    files = {
        ".ebextensions/1-first.config": EXTENSIONS,
        ".ebextensions/2-later.config": LATER,
        ".platform/nginx/conf.d/elasticbeanstalk/paint.conf": "location = /paint { return 200 wet; }\n",
        ".platform/hooks/postdeploy/2-ask.sh": ASKING,
        "Procfile": "web: gunicorn --bind :$PORT --workers 1 --threads 4 shop.app:application\nclock: sleep 600\n",
    }
    return tiny(file, files={**hooks, **files})


@pytest.fixture(scope="module")
def painted(lasting_platform: Callable[..., Platform], tmp_path_factory: pytest.TempPathFactory) -> Platform:
    """An instance with a bundle that says everything."""
    instance = lasting_platform("whatisthetime", "web")
    instance.start(with_everything(tmp_path_factory.mktemp("bundle") / "everything.zip"), WEIGHT="12 kg")
    return instance


def test_everything_happens_in_the_platforms_order_and_folders(painted: Platform) -> None:
    assert painted.log("trace").splitlines()[:9] == [
        "commands in 1, colour none",
        "prebuild in staging, colour red",
        "leader in staging, colour red",
        "plain in staging, colour red",
        "coloured in app, colour green",
        "failing",
        "predeploy in staging, colour red",
        "postdeploy in current, colour red",
        "round",
    ]


def test_a_postdeploy_hook_reaches_the_version_that_it_is_about(painted: Platform) -> None:
    assert painted.log("trace").splitlines()[9] == str(painted.folder / "versions/1/var/app/current")


def test_visitors_come_through_nginx_to_the_app_and_to_static_files(painted: Platform) -> None:
    assert painted.get("/").body == "one"
    assert "nginx" in painted.get("/").headers["Server"]
    assert painted.get("/static/hello.txt").body == "hello from nginx\n"
    assert painted.get("/paint").body == "wet"


def test_the_app_has_the_environment_properties_and_nothing_of_ours(painted: Platform) -> None:
    assert painted.get("/colour").body == "red"
    (folder,) = (painted.folder / "versions").iterdir()
    told = (folder / "opt/elasticbeanstalk/deployment/env").read_text().splitlines()
    assert {"COLOUR=red", "SHAPE=round", "WEIGHT=12 kg", f"TABLE={folder}/etc/painter.conf"} <= set(told)
    # The platform gives these two itself, whatever they are where it was started.
    ours = set(os.environ) - {"VAR_DIR", "AWS_EC2_METADATA_DISABLED"}
    assert not {line.partition("=")[0] for line in told} & ours


def test_files_are_written_below_the_instance_and_speak_of_places_there(painted: Platform) -> None:
    (folder,) = (painted.folder / "versions").iterdir()
    written = folder / "etc/painter.conf"
    assert written.stat().st_mode & 0o777 == 0o640
    assert written.read_text().startswith(f"lives at {folder}/var/app/current and listens on 127.0.0.1:")
    assert ":8000" not in written.read_text()


def test_what_only_amazon_linux_has_is_noted(painted: Platform) -> None:
    assert painted.calls() == [
        "dnf install --assumeyes htop",
        "groupadd painters",
        "useradd painter",
        "systemctl enable painter",
        "systemctl start painter",
        "get-config environment -k SHAPE",
        "systemctl restart rsyslog",
    ]


def test_a_process_that_ends_is_started_again(painted: Platform) -> None:
    served = painted.get("/").body
    for name in (b"gunicorn", b"sleep"):
        before = by_name(painted, name)
        for pid in before:
            os.kill(pid, 9)
        wait_until(partial(others, painted, name, before), 10)
    wait_until(lambda: painted.get("/").body == served, 10)


def others(platform: Platform, name: bytes, before: list[int]) -> set[int]:
    return set(by_name(platform, name)) - set(before)


def by_name(platform: Platform, name: bytes) -> list[int]:
    return [pid for pid in platform.processes() if name in Path(f"/proc/{pid}/cmdline").read_bytes()]


def test_an_instance_is_neither_started_twice_nor_reset_while_it_runs(painted: Platform, tmp_path: Path) -> None:
    var_folder = painted.folder.parents[1]
    again = Platform("whatisthetime", "web", var_folder, tmp_path)
    again.begin(with_everything(tmp_path / "again.zip"))
    assert again.ended() == 1
    assert "is in use" in again.said()
    with pytest.raises(Refused, match="is in use"):
        var.reset(var_folder)
    assert painted.get("/").body == "one"


def test_an_end_by_force_leaves_no_process_behind(platform: Callable[..., Platform], tmp_path: Path) -> None:
    instance = platform("whatisthetime", "worker")
    instance.start(tiny(tmp_path / "worker.zip"))
    assert len(instance.processes()) > 3
    instance.kill()
    wait_until(lambda: instance.processes() == [], 10)
