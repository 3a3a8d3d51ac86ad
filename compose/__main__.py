"""`python -m compose render`: the architecture's commands, told by the variables of compose/switches.py."""

import os
import sys
from collections.abc import Sequence

from compose.files import files_of
from compose.switches import Switches, WrongSwitch
from compose.topology import topology


def main(argv: Sequence[str]) -> int:
    """Run the verb; answers its exit code."""
    try:
        wanted = topology(Switches.from_environ(os.environ))
    except WrongSwitch as error:
        print(error, file=sys.stderr)
        return 1
    files = files_of(wanted)
    files.write(wanted)
    print(files.compose.read_text(), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
