"""The command lines of the parts that run here; the sites' own is the one that the Procfile gives an instance."""

import shlex
import sys
from collections.abc import Iterable
from pathlib import Path

from beanstalk.plan import Plan

ROOT = Path(__file__).resolve().parents[1]


def web(plan: Plan) -> list[str]:
    """Ready the site's database if it has one, then serve."""
    prepare = [sys.executable, "-m", "beanstalk.prepare"] if plan.site.metadata else []
    return [*prepare, *procfile()]


def worker() -> list[str]:
    """The same command: the variable APP makes it a worker."""
    return procfile()


def daemon(planned: Iterable[Plan]) -> list[str]:
    """One process that brings each site's messages and periodic tasks to its worker."""
    served = [word for plan in planned for word in ("--serve", plan.name, plan.settings.queue_url, plan.worker_url)]
    return [sys.executable, "-m", "beanstalk.daemons", "--cron", "cron.yaml", *served]


def procfile() -> list[str]:
    """The words of the Procfile's line `web:`."""
    lines = (ROOT / "Procfile").read_text().splitlines()
    return next(shlex.split(line.removeprefix("web:")) for line in lines if line.startswith("web:"))
