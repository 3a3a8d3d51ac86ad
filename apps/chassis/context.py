"""What a view reaches for: the backends of its app and the state of its request, each typed."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar, cast

import flask

from apps.chassis.frame import RequestRecord, current_record

if TYPE_CHECKING:
    import sqlalchemy.orm

    from apps.chassis.app import Application
    from apps.chassis.cache import Cache
    from apps.chassis.mail import Mailer
    from apps.chassis.sessions import Session
    from apps.chassis.storage import Storage

V = TypeVar("V", bound=Callable[..., Any])


def application() -> "Application":
    """The app that serves this request."""
    return cast("Application", flask.current_app._get_current_object())  # type: ignore[attr-defined]


def db() -> "sqlalchemy.orm.Session":
    """This request's database session: read-only on a reader or the writer for safe methods, else the writer."""
    from apps.chassis.transactions import current_session

    return current_session()


def session() -> "Session":
    """The visitor's session; it is loaded at first access and saved only if changed."""
    return cast("Session", flask.session._get_current_object())  # type: ignore[attr-defined]


def cache() -> "Cache":
    """The cache that all instances share."""
    return application().cache


def storage() -> "Storage":
    """The store of uploaded files."""
    return application().storage


def mailer() -> "Mailer":
    """The way mail leaves."""
    return application().mailer


def reads_writer(view: V) -> V:
    """Mark a safe view that must not miss what somebody else wrote a moment ago, as behind a link in a mail."""
    view.reads_writer = True  # type: ignore[attr-defined]
    return view


def programs(view: V) -> V:
    """Mark a view that programs ask from anywhere: who brings a password in a header needs no page of ours.

    Such a view must not look at the session of a request with an Authorization header.
    """
    view.programs = True  # type: ignore[attr-defined]
    return view


def record() -> RequestRecord:
    """What is noted about this request for its log line, its metrics and its Server-Timing."""
    return current_record()
