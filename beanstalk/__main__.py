"""`python -m beanstalk local` runs the three sites on this machine, `python -m beanstalk reset` empties their data."""

import os
import sys


def main(argv: list[str]) -> int:
    """Run one verb; answers its exit code."""
    match argv:
        case ["local"]:
            from beanstalk import local

            return local.run(os.environ)
        case ["reset"]:
            from beanstalk import local

            return local.reset(os.environ)
        case _:
            print("usage: python -m beanstalk local | reset", file=sys.stderr)
            return 2


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
