"""What a view says whose pages may be kept, and how it is held to the epoch that stands."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import request
from sqlalchemy.orm import Session

from apps.chassis.context import db
from apps.chassis.database import WRITER
from apps.chassis.epochs import token_of
from apps.chassis.transactions import ReaderBehind
from apps.mywordpress.freshness.watch import Known

V = TypeVar("V", bound=Callable[..., Any])


class Making:
    """One answer being made, while that epoch is known to stand; `made_under` is what its own session saw first."""

    KEY = "freshness.making"
    __slots__ = ("known", "made_under")

    def __init__(self, known: Known) -> None:
        self.known = known
        self.made_under: Known | None = None

    def begin(self, session: Session) -> None:
        """Look which epoch this session sees; raises ReaderBehind for a reader that may lack what is known."""
        asked = time.monotonic()
        token = token_of(session)
        if token == self.known.token:
            self.made_under = self.known
        elif session.info["role"] != WRITER:
            raise ReaderBehind
        else:
            self.made_under = Known.since(token, asked)


def kept(view: V) -> V:
    """Mark a view of readers, below its route: its pages are the same for all without a cookie of ours, and are kept.

    The rule: what it answers depends on nothing but the database (`db()`, never `cache()`), the path, the query, the
    language and, for those who have one, the session; a page that is asked for with a cookie of this site is made for
    that visitor and never kept. So a page may show a door or a link to whoever is signed in, and needs no gaps. What
    else is to differ by visitor needs a cookie whose name begins with OWN_COOKIES. An answer other than 200, one that
    sets a cookie, says `no-store` or varies by anything else is not kept either.

    The page holds, kept or not, what was committed up to a second before it was asked for, whatever readers lag.
    """

    @wraps(view)
    def held(*args: Any, **kwargs: Any) -> Any:
        making: Making | None = request.environ.get(Making.KEY)
        if making is not None:
            # Before anything else is read, or what was read before would be taken for newer than it is.
            making.begin(db())
        return view(*args, **kwargs)

    held.kept = True  # type: ignore[attr-defined]
    return cast(V, held)
