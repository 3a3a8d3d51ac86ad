"""What a person sees in the terminal: every process's lines under its name, in its colour."""

import sys
from collections.abc import Mapping
from typing import TextIO

COLOURS = (33, 93, 36, 96, 35, 95, 32)
LONGEST_LINE = 64 * 1024
# A log line may hold what a visitor sent, which must not steer the terminal.
CONTROL = dict.fromkeys((*range(9), *range(10, 32), 127, *range(128, 160)), "�")


def is_coloured(environ: Mapping[str, str], stream: TextIO) -> bool:
    """Colour for people: on a terminal unless NO_COLOR says otherwise, elsewhere only for FORCE_COLOR."""
    if environ.get("NO_COLOR"):
        return False
    return bool(environ.get("FORCE_COLOR")) or (stream.isatty() and environ.get("TERM") != "dumb")


class Console:
    """Prints to standard output."""

    def __init__(self, *, colour: bool) -> None:
        self.colour = colour
        self.width = 0
        self.voices = 0

    def say(self, text: str) -> None:
        """Something of our own."""
        print(text, flush=True)

    def complain(self, text: str) -> None:
        """What went wrong, in one line."""
        print(text, file=sys.stderr, flush=True)

    def voice(self, name: str) -> "Voice":
        """A further process's voice; all names are as wide as the widest."""
        self.width = max(self.width, len(name))
        self.voices += 1
        return Voice(self, name, COLOURS[(self.voices - 1) % len(COLOURS)])


class Voice:
    """One process's output, cut into lines as it comes."""

    def __init__(self, console: Console, name: str, colour: int) -> None:
        self.console = console
        self.name = name
        self.colour = colour
        self.last_line = ""
        self._rest = b""

    def hear(self, data: bytes) -> None:
        """Print the lines that are complete; no data means that no more will come."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        if self._rest and (not data or len(self._rest) > LONGEST_LINE):
            lines, self._rest = [*lines, self._rest], b""
        text = "".join(self._printed(line.decode(errors="replace").rstrip()) for line in lines)
        if text:
            sys.stdout.write(text)
            sys.stdout.flush()

    def _printed(self, line: str) -> str:
        clean = line.translate(CONTROL)
        self.last_line = clean or self.last_line
        name = f"{self.name:<{self.console.width}} |"
        return f"\033[{self.colour}m{name}\033[0m {clean}\n" if self.console.colour else f"{name} {clean}\n"
