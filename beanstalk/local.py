"""`make run`: the three sites with their workers and the queue daemon between them, on this machine, until Ctrl-C."""

import errno
import sys
from collections.abc import Mapping
from pathlib import Path

from beanstalk import var
from beanstalk.commands import ROOT
from beanstalk.console import Console, is_coloured
from beanstalk.plan import plans, refuse_ports_in_use
from beanstalk.refusals import Refused
from beanstalk.supervisor import Supervisor

CANNOT_WRITE = {
    errno.ENOSPC: "the disk is full: free some space",
    errno.EDQUOT: "the disk quota is used up: free some space",
    errno.EACCES: "cannot be written: check who owns it",
    errno.EPERM: "cannot be written: check who owns it",
    errno.EROFS: "is on a disk that is read-only",
}


def run(environ: Mapping[str, str]) -> int:
    """Run everything until it is told to stop (0), or say in one line why that cannot be (1)."""
    console = Console(colour=is_coloured(environ, sys.stdout))
    folder = var.folder(environ, ROOT)
    try:
        with var.locked(folder):
            planned = plans(environ, folder)
            refuse_ports_in_use(planned)
            return Supervisor(planned, console).run()
    except Refused as refused:
        console.complain(str(refused))
    except OSError as error:
        console.complain(_reason(error, folder))
    return 1


def reset(environ: Mapping[str, str]) -> int:
    """Empty the folder of all data, or say in one line why that cannot be (1)."""
    folder = var.folder(environ, ROOT)
    try:
        var.reset(folder)
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 1
    except OSError as error:
        print(_reason(error, folder), file=sys.stderr)
        return 1
    print(f"{folder} is empty.")
    return 0


def _reason(error: OSError, folder: Path) -> str:
    said = CANNOT_WRITE.get(error.errno or 0, error.strerror or str(error))
    return f"{error.filename or folder}: {said}"
