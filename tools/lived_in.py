"""MyClothes with a month behind it, on a port and in a folder of its own, for as long as somebody looks at it."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory

from apps.chassis.database import Database
from beanstalk import commands, processes
from beanstalk.plan import Plan, free_port, plan
from beanstalk.probe import answer
from tools.month import Month, live

START_SECONDS = 60.0
STOP_SECONDS = 5.0


@contextmanager
def lived_in() -> Iterator[tuple[str, Month]]:
    """Its address, and what happened in it."""
    with TemporaryDirectory() as folder:
        planned = plan("myclothes", free_port(), dict(os.environ) | {"VAR_DIR": folder, "SHOW_ARCHITECTURE": "1"})
        process = processes.spawn(commands.web(planned), planned.environ, commands.ROOT, subprocess.DEVNULL)
        try:
            await_answer(planned, process)
            yield planned.url, live_in(planned)
        finally:
            processes.stop([process], STOP_SECONDS)


def await_answer(planned: Plan, process: processes.Process) -> None:
    deadline = time.monotonic() + START_SECONDS
    while answer(f"{planned.url}/health/ready")[0] != 200:
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError("MyClothes did not start")
        time.sleep(0.1)


def live_in(planned: Plan) -> Month:
    database = Database(planned.settings.database_url)
    try:
        return live(database)
    finally:
        database.dispose()
