"""What must happen around a fork, for as long as an object lives."""

import os
import weakref
from collections.abc import Callable


def before_fork(method: Callable[[], object]) -> None:
    """Call this bound method in the parent, before each fork from now on."""
    os.register_at_fork(before=_while_alive(method))


def after_fork(method: Callable[[], object]) -> None:
    """Call this bound method in each child forked from now on."""
    os.register_at_fork(after_in_child=_while_alive(method))


def _while_alive(method: Callable[[], object]) -> Callable[[], None]:
    reference = weakref.WeakMethod(method)

    def call() -> None:
        found = reference()
        if found is not None:
            found()

    return call
