"""Jobs: work that happens after the answer. A job is a message on a queue; a worker does it when its daemon posts it.

A web process only ever sends, after its transaction committed; see `apps.chassis.worker` for the receiving side.
"""

from __future__ import annotations

import json
import logging
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, Protocol

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from apps.chassis.cache import Cache
    from apps.chassis.database import Database
    from apps.chassis.identity import Identity
    from apps.chassis.mail import Mailer
    from apps.chassis.settings import Settings
    from apps.chassis.storage import Storage

P = ParamSpec("P")
CADENCES = ("/every/minute", "/every/hour", "/every/day")
MAX_BODY_BYTES = 64 * 1024
log = logging.getLogger(__name__)


class QueueUnavailable(Exception):
    """The queue could not be reached, or refused; nothing was sent as far as we know."""


class Queue(Protocol):
    """Where messages wait for a worker: durable, at least once, in no promised order."""

    @property
    def name(self) -> str:
        """The queue's name, as the daemon tells it to the worker."""

    def send(self, body: str) -> None:
        """Return once the message is safe on the queue, within seconds. Raises QueueUnavailable."""

    def oldest_age(self) -> float | None:
        """Seconds that the oldest waiting message has waited; None if there is none or the queue cannot tell.

        Raises QueueUnavailable.
        """


def open_queue(url: str) -> Queue:
    """`sqlite:///path` or the URL of an SQS queue; connects to nothing yet. Raises ValueError for any other URL."""
    if url.startswith("sqlite:///"):
        from apps.chassis.jobs.sqlite import SqliteQueue
        from apps.chassis.sqlite import path_of

        return SqliteQueue(path_of(url))
    if url.startswith(("https://", "http://")):
        from apps.chassis.jobs.sqs import SqsQueue

        return SqsQueue(url)
    raise ValueError(f"a queue takes sqlite:///path or the URL of an SQS queue, not {url!r}")


@dataclass(frozen=True, slots=True)
class Message:
    """One request to do a job. The id is made when it is sent, so all its deliveries carry the same one."""

    id: str
    job: str
    arguments: Mapping[str, Any]

    @classmethod
    def new(cls, job: str, arguments: Mapping[str, Any]) -> Message:
        return cls(uuid.uuid4().hex, job, arguments)

    @classmethod
    def decode(cls, body: bytes | str) -> Message:
        """Read what `encode` wrote; raises ValueError for anything else."""
        try:
            fields = json.loads(body)
        except RecursionError as error:
            raise ValueError("a message is not nested that deeply") from error
        match fields:
            case {"id": str(identifier), "job": str(job), "arguments": dict(arguments)} if len(identifier) == 32:
                return cls(identifier, job, arguments)
        raise ValueError("a message is an object of id (32 characters), job and arguments")

    def encode(self) -> str:
        """JSON of at most 64 KiB; raises TypeError or ValueError for arguments that do not fit into it."""
        body = json.dumps({"id": self.id, "job": self.job, "arguments": self.arguments}, allow_nan=False)
        if len(body) > MAX_BODY_BYTES:
            raise ValueError(f"the arguments of {self.job} are too large for a message; send the key of a row")
        return body


def enqueue(job: str, **arguments: Any) -> None:
    """Have a worker do `job` after this transaction commits; nothing is sent if it rolls back.

    Arguments are JSON values. A failing send is logged and forgotten, since the transaction is final by then:
    whatever must happen needs a cadence that looks for its missing outcome.
    """
    from apps.chassis.transactions import after_commit

    body = Message.new(job, arguments).encode()
    after_commit(lambda: _send(job, body))


def _send(job: str, body: str) -> None:
    from apps.chassis.context import application

    try:
        application().queue.send(body)
    except Exception as error:
        log.warning("job %s was not sent: %s", job, error)


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What a job works with. What it writes through `db` commits together with the mark that the job is done.

    Nothing slow may happen while a transaction is open, since others wait for its locks. A job that mails or draws
    claims the outcome in a `transaction`, does the slow part, and only then writes through `db`.
    """

    settings: Settings
    identity: Identity
    storage: Storage
    mailer: Mailer
    cache: Cache
    after_commit: Callable[[Callable[[], object]], None]
    database: Database | None
    ends_at: float

    @property
    def db(self) -> Session:
        """The writer's session, opened at the first use; raises RuntimeError on a site without a database."""
        from apps.chassis.transactions import current_session

        return current_session()

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A short transaction of its own on the writer: it commits at its end, and lasts if the job fails later.

        Raises RuntimeError once `db` was used, whose locks it could wait for in vain. What is enqueued meanwhile is
        still sent when the job commits.
        """
        if self.database is None or self.db.in_transaction():
            raise RuntimeError("a transaction of its own needs a database, and must come before any use of db")
        with self.database.writer() as session, session.begin():
            yield session

    @property
    def remaining_seconds(self) -> float:
        """Time left until the deadline; a long job looks at it and raises or stops before it is negative.

        Nobody interrupts a job. One that overruns may be started a second time, and then only one of them commits.
        """
        return self.ends_at - time.monotonic()


@dataclass(frozen=True, slots=True)
class Job:
    """A function that a worker runs, and the seconds it has to finish."""

    name: str
    run: Callable[..., None]
    deadline_seconds: float


@dataclass(frozen=True, slots=True)
class Jobs:
    """The jobs and cadences of one site."""

    by_name: dict[str, Job] = field(default_factory=dict)
    by_cadence: dict[str, list[Callable[[Work], None]]] = field(default_factory=dict)

    def job(
        self, name: str, *, deadline_seconds: float = 60
    ) -> Callable[[Callable[Concatenate[Work, P], None]], Callable[Concatenate[Work, P], None]]:
        """Register a job. It may be run more than once: its database effects happen once, its other effects may repeat.

        The deadline must be shorter than the daemon's inactivity timeout (299 seconds on Beanstalk).
        """
        if name in self.by_name:
            raise ValueError(f"two jobs are named {name}")

        def register(run: Callable[Concatenate[Work, P], None]) -> Callable[Concatenate[Work, P], None]:
            self.by_name[name] = Job(name, run, deadline_seconds)
            return run

        return register

    def cadence(self, url: str) -> Callable[[Callable[[Work], None]], Callable[[Work], None]]:
        """Register a function for every tick of a cadence of cron.yaml; it must be idempotent."""
        if url not in CADENCES:
            raise ValueError(f"{url} is none of the cadences {', '.join(CADENCES)}")

        def register(run: Callable[[Work], None]) -> Callable[[Work], None]:
            self.by_cadence.setdefault(url, []).append(run)
            return run

        return register

    def include(self, other: Jobs) -> None:
        """Take over the jobs of another registry, such as one noun's."""
        for job in other.by_name.values():
            self.job(job.name, deadline_seconds=job.deadline_seconds)(job.run)
        for url, functions in other.by_cadence.items():
            self.by_cadence.setdefault(url, []).extend(functions)
