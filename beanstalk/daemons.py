"""`python -m beanstalk.daemons --serve APP QUEUE TARGET ...`: one process with a queue daemon for each worker."""

import argparse
import signal
import sys
import threading
from pathlib import Path

from apps.chassis import logs
from beanstalk.sqsd import Daemon, Options


def main() -> int:
    """Run until SIGTERM or SIGINT; answers the exit code."""
    taken = argparse.ArgumentParser(prog="python -m beanstalk.daemons", description=(__doc__ or "").partition(": ")[2])
    taken.add_argument("--serve", nargs=3, action="append", required=True, metavar=("APP", "QUEUE", "TARGET"))
    taken.add_argument("--cron", type=Path, required=True, metavar="FILE")
    arguments = taken.parse_args()
    logs.configure("text")
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    daemons = [daemon(app, queue, target, arguments.cron) for app, queue, target in arguments.serve]
    for each in daemons:
        each.start()
    ended.wait()
    for each in daemons:
        each.stop()
    return 0


def daemon(app: str, queue: str, target: str, cron: Path) -> Daemon:
    """The daemon between one queue and one worker, sending the worker's periodic tasks too."""
    table = None if queue.startswith("sqlite:") else f"{app}-periodic-tasks"
    return Daemon(Options(queue=queue, target=target, cron=cron, registry_table=table))


if __name__ == "__main__":
    sys.exit(main())
