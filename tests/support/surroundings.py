"""What the caller's environment says to our programs, kept from the tests."""

import os
from collections.abc import Iterator, Mapping

from apps.chassis.settings import Settings


class _Asked(Mapping[str, str]):
    """An empty environment that remembers which variables were asked for."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.names.add(name)
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def forget() -> None:
    """Take every variable that a site reads out of this process's environment, and so out of what it starts."""
    asked = _Asked()
    Settings.from_environ(asked)
    for name in asked.names & os.environ.keys():
        del os.environ[name]
