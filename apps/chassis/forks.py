"""What must happen in a child process after a fork."""

import os
import weakref
from collections.abc import Callable


def after_fork(method: Callable[[], object]) -> None:
    """Call this bound method in each child forked from now on, for as long as its object lives."""
    reference = weakref.WeakMethod(method)

    def call() -> None:
        found = reference()
        if found is not None:
            found()

    os.register_at_fork(after_in_child=call)
