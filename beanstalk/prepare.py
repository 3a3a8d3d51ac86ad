"""`python -m beanstalk.prepare COMMAND...`: ready the database of the site APP for development, then become COMMAND."""

import importlib
import os
import sys

from apps.chassis import commands
from apps.chassis.settings import of_this_process
from apps.chassis.sites import Site


def main(command: list[str]) -> int:
    """Replaces this process by the command; answers an exit code only if the database cannot be made ready."""
    site: Site = importlib.import_module(f"apps.{of_this_process().app}").SITE
    code = prepare(site)
    if code == 0:
        sys.stdout.flush()
        os.execvp(command[0], command)  # noqa: S606
    return code


def prepare(site: Site) -> int:
    """Migrate if the database is behind; seed if it was, or if no seeding has ended well before."""
    from apps.chassis.migrations import pending

    settings = of_this_process()
    # Written after the seeding, so that one which was interrupted is done again.
    seeded = settings.data_dir / "seeded"
    behind = pending(site, settings)
    if behind and (code := commands.run(site, ["migrate"])):
        return code
    if site.seed is not None and (behind or not seeded.exists()):
        if code := commands.run(site, ["seed"]):
            return code
        seeded.touch()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
