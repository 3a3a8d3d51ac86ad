"""Docker with compose v2 for the whole architecture: what is there, else an engine of this project's own.

`python -m tools.docker prepare` leaves `docker compose` usable, with the image that all of ours start from, or says in
one line what is missing. `run COMMAND ...` does so, runs the command, and ends the engine again if it was started for
it. `stop` ends the engine that was started here. What it has fetched stays in STATE, so the next one is quick.
"""

import contextlib
import json
import os
import re
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from tools.base_image import BASE, make_base
from tools.packages import Missing, download_plugin, install
from tools.programs import OWN

STATE = Path("/var/lib/classic-docker")
RUNNING = Path("/run/classic-docker")
SOCKET = RUNNING / "socket"
PID = RUNNING / "pid"
RULES = RUNNING / "iptables"
CONFIG = OWN.resolve() / "docker"
ENGINE = {"docker.io": ("dockerd",), "debootstrap": ("debootstrap",), "iptables": ("iptables",), "iproute2": ("ip",)}
# Lines of the packet filter that name an engine's chains or bridges.
OURS = re.compile(r"\bDOCKER|\bdocker0\b|\bbr-[0-9a-f]{12}\b")
START_SECONDS = 60.0
STOP_SECONDS = 60.0
# As sysexits.h has it; a caller tells by it that nothing was tried.
UNAVAILABLE = 69


def main(verb: str = "", *command: str) -> int:
    """Do what the command line names; answers its exit code."""
    verbs = {"prepare": prepare, "stop": stop}
    try:
        if verb == "run" and command:
            return run(command)
        if verb in verbs and not command:
            verbs[verb]()
            return 0
    except Missing as missing:
        print(f"Docker cannot be used: {missing}", file=sys.stderr)
        return UNAVAILABLE
    print("usage: python -m tools.docker prepare | stop | run COMMAND ...", file=sys.stderr)
    return 2


def environment() -> Mapping[str, str]:
    """What reaches the engine and the plugin that `prepare` found or made, to be added to the environment."""
    found = {"DOCKER_CONFIG": str(CONFIG)} if CONFIG.exists() else {}
    if SOCKET.exists():
        found["DOCKER_HOST"] = f"unix://{SOCKET}"
    return found


def run(command: tuple[str, ...]) -> int:
    """Run a command with Docker at hand; an engine that only it needed is gone afterwards."""
    started = prepare()
    try:
        return subprocess.run(command, env={**os.environ, **environment()}).returncode
    finally:
        if started:
            stop()


def prepare() -> bool:
    """Leave Docker, compose v2 and the base image usable, and tell whether that took an engine; raises Missing."""
    if not shutil.which("docker"):
        install({"docker.io": ("docker",)})
    if not works("compose", "version"):
        fetch_compose()
    has_engine = works("version")
    if not has_engine:
        start()
    if not works("image", "inspect", BASE) and not works("pull", "--quiet", BASE):
        make_base(docker)
    return not has_engine


def works(*arguments: str) -> bool:
    """Whether that command of Docker succeeds."""
    return subprocess.run(docker(*arguments), env={**os.environ, **environment()}, capture_output=True).returncode == 0


def docker(*arguments: str) -> list[str]:
    """The command line of that command of Docker, whatever the environment says of another engine."""
    given = environment()
    config = ["--config", given["DOCKER_CONFIG"]] if "DOCKER_CONFIG" in given else []
    host = ["--host", given["DOCKER_HOST"]] if "DOCKER_HOST" in given else []
    return ["docker", *config, *host, *arguments]


def fetch_compose() -> None:
    """Lay the plugin out beside the project, where only `environment` leads to it; raises Missing."""
    plugins = download_plugin("docker-compose", OWN.resolve())
    CONFIG.mkdir(parents=True, exist_ok=True)
    (CONFIG / "config.json").write_text(json.dumps({"cliPluginsExtraDirs": [str(plugins)]}))
    if not works("compose", "version"):
        raise Missing("compose v2 does not run here: install Docker's compose plugin")


def start() -> None:
    """Start an engine that shares nothing with another one of this machine; raises Missing."""
    if os.geteuid() or not shutil.which("apt-get"):
        raise Missing("no engine answers: start one, or be root on Debian, where one is installed and started")
    install(ENGINE)
    for folder in (STATE, RUNNING):
        folder.mkdir(parents=True, exist_ok=True)
    RULES.write_text(_rules())
    places = [f"--data-root={STATE / 'data'}", f"--exec-root={RUNNING / 'exec'}", f"--pidfile={PID}"]
    with (STATE / "log").open("wb") as log:
        engine = subprocess.Popen(
            ["dockerd", *places, "--host", f"unix://{SOCKET}"],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
    deadline = time.monotonic() + START_SECONDS
    # Before it has made its socket, a variable of the environment would lead to another one.
    while not (SOCKET.exists() and works("version")):
        if engine.poll() is not None or time.monotonic() > deadline:
            stop()
            raise Missing(f"an engine of our own does not start: {_last_line(STATE / 'log')}")
        time.sleep(0.1)


def stop() -> None:
    """End the engine that was started here, and take back what it did to this machine's network."""
    if (pid := _engine()) is not None:
        with contextlib.closing(_Ended(pid)) as ended:
            os.kill(pid, signal.SIGTERM)
            ended.wait(STOP_SECONDS)
    _clear_network()
    if (STATE / "data").is_mount():
        # One that could not start has left it so.
        subprocess.run(["umount", STATE / "data"], capture_output=True)
    shutil.rmtree(RUNNING, ignore_errors=True)


def _clear_network() -> None:
    """Delete what an engine adds to the packet filter, and nothing that others have added meanwhile."""
    before = RULES.read_text() if RULES.exists() else "docker0"
    # Another engine of this machine was here first and goes on to use it.
    if "docker0" in before:
        return
    rules = "".join(line for line in _rules().splitlines(keepends=True) if not OURS.search(line))
    if ":FORWARD DROP" not in before:
        rules = rules.replace(":FORWARD DROP", ":FORWARD ACCEPT")
    subprocess.run(["iptables-restore"], input=rules, text=True, check=True)
    subprocess.run(["ip", "link", "delete", "docker0"], capture_output=True)


def _rules() -> str:
    return subprocess.run(["iptables-save"], capture_output=True, text=True, check=True).stdout


class _Ended:
    """Tells when a process that is not a child has ended."""

    def __init__(self, pid: int) -> None:
        self.descriptor = os.pidfd_open(pid)

    def wait(self, seconds: float) -> None:
        """Return once it has ended; raises Missing after that many seconds."""
        if not select.select([self.descriptor], [], [], seconds)[0]:
            raise Missing(f"the engine does not end within {seconds:.0f} s")

    def close(self) -> None:
        os.close(self.descriptor)


def _engine() -> int | None:
    """The process of the engine, if the one that the file names is one."""
    try:
        pid = int(PID.read_text())
        return pid if Path(f"/proc/{pid}/comm").read_text().strip() == "dockerd" else None
    except (OSError, ValueError):
        return None


def _last_line(log: Path) -> str:
    return (log.read_text(errors="replace").strip().splitlines() or ["it says nothing"])[-1]


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
