"""Sites as they really run: under gunicorn, each on a free port, with their data in a folder of the test's own."""

import os
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

from beanstalk import commands, processes
from beanstalk.plan import Plan, free_port, plan
from beanstalk.probe import answer
from tests.support.waiting import wait_until

START_SECONDS = 60.0
STOP_SECONDS = 5.0
KEPT_FROM_OUTSIDE = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR")


class RunningSite:
    """One site's web tier, and with `worker=True` its worker and the queue daemon between them. A context manager.

    `environ` is added to an environment that holds nothing of the caller's but paths and language.
    """

    def __init__(self, app: str, var: Path, environ: Mapping[str, str] | None = None, *, worker: bool = False) -> None:
        self.var = var
        self.worker = worker
        self.plan: Plan = plan(app, free_port(), _environ(var) | dict(environ or {}))
        self.parts: dict[str, processes.Process] = {}

    @property
    def url(self) -> str:
        return self.plan.url

    @property
    def worker_url(self) -> str:
        return self.plan.worker_url

    def __enter__(self) -> "RunningSite":
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start (again, after `kill`) and return when it answers; raises AssertionError with the log otherwise."""
        self.start_web()
        if self.worker:
            self.start_worker()
            self.start_daemon()

    def start_web(self) -> None:
        """Migrate, seed and serve."""
        self._start("web", commands.web(self.plan), self.plan.environ)
        self._wait_for("web", f"{self.url}/health/ready")

    def start_worker(self) -> None:
        self._start("worker", commands.worker(), self.plan.worker_environ)
        self._wait_for("worker", f"{self.worker_url}/health/live")

    def start_daemon(self) -> None:
        self._start("daemon", commands.daemon([self.plan]), self.plan.environ)

    def stop(self) -> None:
        """End all parts in order, and by force what has not ended then."""
        processes.stop(self.parts.values(), STOP_SECONDS)
        self.parts.clear()

    def kill(self, part: str = "web") -> None:
        """End one part at once with all its processes, as SIGKILL or the loss of an instance does."""
        processes.kill(self.parts.pop(part))

    def logs(self, part: str = "web") -> str:
        """All that this part has said so far."""
        path = self._log(part)
        return path.read_text(errors="replace") if path.exists() else ""

    def _start(self, part: str, command: list[str], environ: Mapping[str, str]) -> None:
        with self._log(part).open("ab") as log:
            self.parts[part] = processes.spawn(command, environ, commands.ROOT, log.fileno())

    def _wait_for(self, part: str, url: str) -> None:
        def answers() -> bool:
            process = self.parts[part]
            assert process.poll() is None, f"{part} {processes.how(process)}"
            return answer(url)[0] == 200

        try:
            wait_until(answers, START_SECONDS)
        except AssertionError as error:
            raise AssertionError(f"{self.plan.name}: {error}\n{self.logs(part)}") from None

    def _log(self, part: str) -> Path:
        return self.var / f"{self.plan.name}-{part}.log"


def _environ(var: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in KEPT_FROM_OUTSIDE if name in os.environ}
    return kept | {
        "VAR_DIR": str(var),
        "SECRET_KEY": "a key that the tests share and nobody guesses",
        "LOG_FORMAT": "text",
    }
