"""`python -m beanstalk.prepare COMMAND...`: ready the database of the site APP for development, then become COMMAND."""

import importlib
import os
import runpy
import shutil
import sys
from pathlib import Path

from apps.chassis import commands
from apps.chassis.settings import of_this_process
from apps.chassis.sites import Site


def main(command: list[str]) -> int:
    """Replaces this process by the command; answers an exit code only if the database cannot be made ready."""
    site: Site = importlib.import_module(f"apps.{of_this_process().app}").SITE
    steps = outstanding(site)
    for verb in steps:
        if code := commands.run(site, [verb]):
            return code
    # Written after the seeding, so that one which was interrupted is done again.
    _seeded().touch()
    sys.stdout.flush()
    program = shutil.which(command[0])
    if steps or program is None:
        # What the steps have opened must not be inherited by the servers' processes.
        os.execvp(command[0], command)  # noqa: S606
    # Nothing is open, and what is imported by now is not imported a second time: half a second less.
    sys.argv = command
    runpy.run_path(program, run_name="__main__")
    return 0


def outstanding(site: Site) -> list[str]:
    """The verbs to run: migrate if the database is behind; seed then too, or if no seeding has ended well before."""
    behind = _is_behind(site)
    seed = site.seed is not None and (behind or not _seeded().exists())
    return [*(["migrate"] if behind else []), *(["seed"] if seed else [])]


def _is_behind(site: Site) -> bool:
    from sqlalchemy.exc import InterfaceError, OperationalError

    from apps.chassis.migrations import pending

    try:
        return pending(site, of_this_process())
    except (InterfaceError, OperationalError):
        # To migrate fails in the same way, and says in one line why.
        return True


def _seeded() -> Path:
    return of_this_process().data_dir / "seeded"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
