"""The worker tier: the queue daemon beside it posts each message, and only the answer 200 takes it off the queue.

`POST /` does a job; `POST /every/minute` and its like are cadences, posted with an empty body. Nothing here is
registered on the web tier.
"""

from __future__ import annotations

import inspect
import ipaddress
import logging
import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from flask import Response, request
from werkzeug.exceptions import BadRequest, Conflict, Forbidden

from apps.chassis import transactions
from apps.chassis.jobs import CADENCES, Job, Jobs, Message, Work
from apps.chassis.jobs.claims import Claim, Claimed, Done, claim, finish, release, sweep

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

    from apps.chassis.app import Application
    from apps.chassis.database import Database

CADENCE_SECONDS = 60.0
LOOK_AGAIN_SECONDS = 0.5
log = logging.getLogger(__name__)


def register(app: Application) -> None:
    """Give the app its worker's routes: one for all jobs, one per cadence."""
    jobs = Jobs()
    if app.database is not None:
        jobs.cadence("/every/day")(forget_old_jobs)
    jobs.include(app.site.jobs())
    worker = Worker(app, jobs)
    app.before_request(refuse_strangers)
    app.add_url_rule("/", "worker.job", worker.do_job, methods=["POST"])
    for url in CADENCES:
        endpoint = f"worker.{url.strip('/').replace('/', '_')}"
        app.add_url_rule(url, endpoint, partial(worker.do_cadence, url), methods=["POST"])


def forget_old_jobs(work: Work) -> None:
    """Keep the table of jobs from growing for ever."""
    sweep(work.db)


def refuse_strangers() -> None:
    """Let only the daemon on this machine post: raises Forbidden for everybody else."""
    if request.method == "POST" and not is_daemon(request.environ):
        raise Forbidden("Only the queue daemon on this machine may post here.")


def is_daemon(environ: WSGIEnvironment) -> bool:
    """Whether a request has the daemon's marks and never left this machine, whatever proxies it came through."""
    # nginx appends the address it saw, so whoever reached it from outside cannot hide behind a forged header.
    peers = [environ.get("REMOTE_ADDR", ""), environ.get("HTTP_X_REAL_IP", "")]
    peers += environ.get("HTTP_X_FORWARDED_FOR", "").split(",")
    # A browser on this machine is no daemon, whatever page made it send this.
    browser = "HTTP_ORIGIN" in environ or "HTTP_SEC_FETCH_SITE" in environ
    return "HTTP_X_AWS_SQSD_MSGID" in environ and not browser and all(_is_here(peer.strip()) for peer in peers)


def _is_here(address: str) -> bool:
    """A peer without an address came through a Unix socket."""
    try:
        return not address or ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


class Worker:
    """Does the jobs and cadences of one app."""

    def __init__(self, app: Application, jobs: Jobs) -> None:
        self.app = app
        self.jobs = jobs

    def do_job(self) -> Response:
        """200 if the job is done, now or before; 400 for what no retry can help; 409 while it is done elsewhere."""
        try:
            message = Message.decode(request.get_data())
            job = self.jobs.by_name[message.job]
            inspect.signature(job.run).bind(None, **message.arguments)
        except (ValueError, TypeError, KeyError) as error:
            log.error("message %s is not for us: %s: %s", _message_id(), type(error).__name__, error)
            raise BadRequest("This is no message of a job that this worker knows.") from error
        if self.app.database is None:
            return self.attempt(job, message, lambda: self.run(job, message))
        return self.do_once(self.app.database, job, message)

    def do_once(self, database: Database, job: Job, message: Message) -> Response:
        """Do the job unless it is done; the claim is given back if the job fails."""
        try:
            held = self.claim_patiently(database, job, message)
        except Done:
            log.info("job %s was done before", job.name, extra=_about(message))
            return _text("done before")
        except Claimed:
            log.info("job %s is being done elsewhere", job.name, extra=_about(message))
            raise Conflict("This job is being done elsewhere.") from None
        response = self.attempt(job, message, lambda: self.run(job, message, held))
        if response.status_code != 200:
            release(database, held)
        return response

    def claim_patiently(self, database: Database, job: Job, message: Message) -> Claim:
        """Claim the job, waiting for another's claim to end during a quarter of a lease.

        Each refusal costs the message one of its tries. Waiting lets even a few tries outlast the lease of a worker
        that was killed, so its jobs do not become dead letters.
        """
        deadline = time.monotonic() + job.deadline_seconds / 4
        while True:
            try:
                return claim(database, message.id, job.deadline_seconds)
            except Claimed:
                if time.monotonic() > deadline:
                    raise
                time.sleep(LOOK_AGAIN_SECONDS)

    def attempt(self, job: Job, message: Message, do: Callable[[], None]) -> Response:
        """200 if `do` returns, 500 and a line in the log if it raises."""
        began = time.monotonic()
        try:
            do()
        except Exception:
            log.exception("job %s failed", job.name, extra=_about(message))
            return _text("failed", 500)
        log.info("job %s done in %.3f s", job.name, time.monotonic() - began, extra=_about(message))
        return _text("done")

    def run(self, job: Job, message: Message, held: Claim | None = None) -> None:
        """The job in one transaction with the mark that it is done."""
        ends_at = time.monotonic() + job.deadline_seconds

        def do() -> None:
            job.run(self.work(ends_at), **message.arguments)
            if held is not None:
                finish(transactions.current_session(), held)

        self.in_transaction(do)

    def do_cadence(self, url: str) -> Response:
        """Run all functions of a cadence, each in its own transaction; one that fails keeps none of the others."""
        failed = [run for run in self.jobs.by_cadence.get(url, ()) if not self.do_tick(url, run)]
        return _text("failed", 500) if failed else _text("done")

    def do_tick(self, url: str, run: Callable[[Work], None]) -> bool:
        """Whether a cadence's function succeeded; its failure is logged."""
        ends_at = time.monotonic() + CADENCE_SECONDS
        try:
            self.in_transaction(lambda: run(self.work(ends_at)))
        except Exception:
            log.exception("%s: %s failed", url, run.__name__)
            return False
        return True

    def in_transaction(self, do: Callable[[], None]) -> None:
        """Do it and commit, or roll back. Never repeated here: what it sent to the world cannot be rolled back."""
        unit = transactions.Unit(self.app.database, read_only=False, pinned=True)
        with unit.entered():
            do()
            unit.commit()

    def work(self, ends_at: float) -> Work:
        app = self.app
        return Work(
            settings=app.settings,
            identity=app.identity,
            storage=app.storage,
            mailer=app.mailer,
            cache=app.cache,
            after_commit=transactions.after_commit,
            database=app.database,
            ends_at=ends_at,
        )


def _text(text: str, status: int = 200) -> Response:
    return Response(f"{text}\n", status, mimetype="text/plain")


def _message_id() -> str:
    return request.headers.get("X-Aws-Sqsd-Msgid", "without an id")


def _about(message: Message) -> dict[str, str]:
    tries = request.headers.get("X-Aws-Sqsd-Receive-Count", "1")
    return {"job_id": message.id, "message_id": _message_id(), "tries": tries}
