"""Starts the app of a bundle as its Procfile says, and asks it what a load balancer and a daemon will ask."""

from __future__ import annotations

import http.client
import os
import shlex
import socket
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from beanstalk.check import cron
from beanstalk.check.combinations import PROCESS
from beanstalk.check.findings import Finding
from beanstalk.check.procfile import Process, main_process
from beanstalk.check.settings import VARIABLES, Setting
from beanstalk.check.subject import Subject
from beanstalk.check.trees import Tree
from beanstalk.processes import Process as Child
from beanstalk.processes import how, spawn, stop

PATIENCE_SECONDS = 30.0
ANSWER_SECONDS = 10.0


def check(subject: Subject, given: Mapping[str, str]) -> Iterator[Finding]:
    """Findings of an app that does not start or answers otherwise than it should; `given` joins its variables."""
    main = main_process(subject.tree)
    if main is None:
        return
    with tempfile.TemporaryDirectory(prefix="check-") as folder, socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        taken.close()
        root = Path(folder, "app")
        unpack(subject.tree, root)
        log = Path(folder, "log")
        with log.open("wb") as output:
            child = spawn(_command(main, port), _environ(subject, given, folder, port), root, output.fileno())
        try:
            yield from _asked(subject, main, child, port, log)
        finally:
            stop([child], 3)


def unpack(tree: Tree, root: Path) -> None:
    """Write a tree's files below a folder; what would lead out of it is left out."""
    root.mkdir(parents=True)
    for name, entry in tree.files.items():
        path = PurePosixPath(name)
        if entry.link is None and not path.is_absolute() and ".." not in path.parts and "\\" not in name:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(entry.read())


def _command(main: Process, port: int) -> list[str]:
    # What the command line says wins over a configuration file, so the port is ours either way.
    bind = f" --bind 127.0.0.1:{port}" if main.is_gunicorn else ""
    return ["sh", "-c", f"{main.command}{bind}"]


def _environ(subject: Subject, given: Mapping[str, str], folder: str, port: int) -> dict[str, str]:
    variables = {
        one.option: one.value for one in subject.settings.all if one.namespace == VARIABLES and not one.is_function
    }
    path = f"{Path(sys.executable).parent}:{os.environ.get('PATH', os.defpath)}"
    own = {"PATH": path, "HOME": folder, "VAR_DIR": f"{folder}/var", "PORT": str(port)}
    plain = {name: value for name, value in variables.items() if name and "\0" not in name + value and "=" not in name}
    return {**plain, **own, **given}


def _asked(subject: Subject, main: Process, child: Child, port: int, log: Path) -> Iterator[Finding]:
    file = subject.tree.where("Procfile")
    if not _listens(child, port):
        ended = how(child) if child.poll() is not None else f"does not listen on ${{PORT}} after {PATIENCE_SECONDS:g} s"
        said = [line for line in log.read_text("utf-8", "replace").splitlines() if line.strip()][-1:]
        text = f"{shlex.join(main.words[:3])} {ended}: {''.join(said).strip()}; see that it starts here"
        yield Finding(file, main.line, "procfile-start", text)
        return
    for setting in _health_paths(subject):
        path = setting.value if setting else "/"
        status = ask("GET", path, port)
        wanted = _codes(subject, setting)
        if status not in wanted and (setting or not subject.is_worker):
            place = (setting.file, setting.line) if setting else (file, main.line)
            text = f"the app answers {path} with {status or 'nothing'}; set HealthCheckPath to one that answers 200"
            yield Finding(*place, "health-answer", text)
    for line, url in cron.urls(subject):
        if ask("OPTIONS", url, port) in (404, None):
            text = f"the app has no handler for {url}; correct the url or add one"
            yield Finding(subject.tree.where("cron.yaml"), line, "cron-url-missing", text)


def _health_paths(subject: Subject) -> list[Setting | None]:
    """The settings that name a path to be asked; None stands for the default."""
    found: list[Setting | None] = [
        one
        for one in subject.settings.all
        if (one.option == "HealthCheckPath" and one.namespace.startswith(PROCESS))
        or one.option == "Application Healthcheck URL"
    ]
    return [one for one in found if one and one.value.startswith("/")] or [None]


def _codes(subject: Subject, setting: Setting | None) -> list[int]:
    """The statuses that the load balancer takes for healthy."""
    told = subject.settings.value(setting.namespace if setting else f"{PROCESS}default", "MatcherHTTPCode", "200")
    codes: list[int] = []
    for part in told.split(","):
        low, _, high = part.partition("-")
        if low.strip().isdecimal() and (high or low).strip().isdecimal():
            codes += range(int(low[:3]), int((high or low)[:3]) + 1)
    return codes or [200]


def _listens(child: Child, port: int) -> bool:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while child.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return True
    return False


def ask(method: str, path: str, port: int) -> int | None:
    """The status of one request as a balancer's check sends it; None without an answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER_SECONDS)
    try:
        connection.request(method, path, headers={"User-Agent": "ELB-HealthChecker/2.0"})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException, ValueError):
        return None
    finally:
        connection.close()
