"""What a view says whose pages may be kept, and how it is held to the epoch that stands."""

import time
from collections.abc import Callable
from functools import partial, wraps
from typing import Any, TypeVar, cast

from flask import request
from sqlalchemy.orm import Session

from apps.chassis.context import application, db
from apps.chassis.database import WRITER
from apps.chassis.epochs import token_of
from apps.chassis.transactions import ReaderBehind
from apps.mywordpress.freshness.shared import Epoch, EpochMoved, Shared, hold
from apps.mywordpress.freshness.watch import Known

V = TypeVar("V", bound=Callable[..., Any])
SHARED = "mywordpress.shared"


class Making:
    """One answer being made, while that epoch is known to stand; `made_under` is what its own session saw first."""

    KEY = "freshness.making"
    __slots__ = ("known", "made_under")

    def __init__(self, known: Known) -> None:
        self.known = known
        self.made_under: Known | None = None

    def begin(self, session: Session) -> str:
        """The token that this session sees; raises ReaderBehind for a reader that may lack what is known."""
        asked = time.monotonic()
        token = token_of(session)
        if token == self.known.token:
            self.made_under = self.known
        elif session.info["role"] != WRITER:
            raise ReaderBehind
        else:
            self.made_under = Known.since(token, asked)
        return token


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
        return made(partial(view, *args, **kwargs), db(), request.environ.get(Making.KEY))

    held.kept = True  # type: ignore[attr-defined]
    return cast(V, held)


def made(view: Callable[[], Any], session: Session, making: Making | None) -> Any:
    """The answer of a view, with what all pages share as it stands under the token that its session has read."""
    shared: Shared = application().extensions.setdefault(SHARED, Shared())
    latest = shared.latest()
    if making is None and latest is not None:
        try:
            return supposed(view, session, latest)
        except EpochMoved:
            # What the session has loaded is not looked at again otherwise.
            session.expunge_all()
    # Before anything else is read, or what was read before would be taken for newer than it is.
    token = token_of(session) if making is None else making.begin(session)
    with hold(session, shared.under(token), is_read=True):
        return view()


def supposed(view: Callable[[], Any], session: Session, latest: Epoch) -> Any:
    """The answer under the epoch that was seen last; raises EpochMoved if that stands no more.

    That is found out on the way if a query can tell it beside something else: nobody keeps this answer, so it is
    enough to know that the token stood at any moment in between.
    """
    with hold(session, latest, is_read=False) as held:
        try:
            answer = view()
        except Exception:
            # A supposed category may be gone, or one that is there unknown.
            held.settle(session)
            raise
        held.settle(session)
        return answer
