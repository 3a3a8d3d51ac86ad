"""Which architecture was started last, so that `status` and `down` need not be told its switches again."""

from compose.files import ROOT
from compose.switches import Switches

FILE = ROOT / "var" / "compose" / "switches"


def remember(switches: Switches) -> None:
    """From now on this is the last one."""
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text("".join(f"{name}={value}\n" for name, value in switches.changed().items()))


def last() -> dict[str, str]:
    """The variables of the last one; none if there is none."""
    lines = FILE.read_text().split() if FILE.is_file() else []
    return dict(line.split("=", 1) for line in lines)
