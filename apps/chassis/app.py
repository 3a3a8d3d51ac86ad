"""The Flask objects that every app starts from: one for the web tier, one for the worker tier."""

import importlib
import logging
from collections.abc import Callable, Mapping
from itertools import count
from typing import TYPE_CHECKING, Any, cast

from flask import Flask, Request, request, session
from flask.sessions import SecureCookieSession, SessionInterface
from werkzeug.exceptions import BadHost
from werkzeug.routing import MapAdapter
from werkzeug.wrappers import Response

from apps.chassis import architecture, assets, bodies, errors, health, languages, logs, security
from apps.chassis.cache import Cache, open_cache
from apps.chassis.frame import Frame, RequestRecord, current_record
from apps.chassis.gauges import gauges
from apps.chassis.identifiers import Number
from apps.chassis.identity import Identity
from apps.chassis.jobs import Queue, open_queue
from apps.chassis.mail import Mailer, open_mailer
from apps.chassis.metrics import Metrics
from apps.chassis.outside import surrounded
from apps.chassis.settings import Settings
from apps.chassis.sites import Site, Watch
from apps.chassis.storage import Storage, open_storage
from apps.chassis.templating import Templates

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

    from apps.chassis.database import Database
    from apps.chassis.faults import Faults
    from apps.chassis.sessions import Session, SessionStore

SESSION_LIFETIME_SECONDS = 14 * 24 * 3600

log = logging.getLogger(__name__)


class NoSessions(SessionInterface):
    """For a site that keeps no state about its visitors: no cookie is read and none is set."""

    def open_session(self, app: Flask, request: Any) -> SecureCookieSession | None:
        return None


class Application(Flask):
    """A Flask app with its backends as typed attributes. A request is one transaction."""

    jinja_environment = Templates
    settings: Settings
    site: Site
    identity: Identity
    database: "Database | None"
    cache: Cache
    storage: Storage
    queue: Queue
    mailer: Mailer
    metrics: Metrics
    session_store: "SessionStore | None"
    watches: Mapping[str, Watch]
    is_serving: Callable[[], bool]
    faults: "Faults | None"
    readiness: health.Readiness
    pin: security.Pin | None
    hosts: security.Hosts
    origins: security.Origins
    untouched: frozenset[str]
    writer_readers: frozenset[str]

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """Flask's own, but even a host that can be no name gets one: the page that refuses it has links, too."""
        try:
            return super().create_url_adapter(request)
        except BadHost:
            return self.url_map.bind("localhost", path_info=request.path if request else None)

    def dispatch_request(self) -> Response:
        """Refuse whom we do not serve, then run the view inside its transaction."""
        # Each look at Flask's proxy costs a microsecond, and this is every request's path.
        asked: Request = request._get_current_object()  # type: ignore[attr-defined]
        if self.settings.metrics_bind and health.came_in_by(self.settings.metrics_bind, asked.environ):
            return self.make_response(health.metrics())
        self.hosts.check(asked.environ)
        safe = asked.method in security.SAFE_METHODS
        if not safe and not self.settings.worker and not self.is_by_program(asked):
            self.origins.check(asked)
        endpoint = current_record().endpoint = asked.endpoint
        # A worker's route claims, commits and answers by itself.
        if self.database is None or self.settings.worker or endpoint in self.untouched:
            return self.answer()
        return self.in_transaction(self.database, asked, read_only=safe)

    def is_by_program(self, asked: Request) -> bool:
        """Whether a view for programs is asked with a password in a header, which no page can send unasked."""
        return "Authorization" in asked.headers and hasattr(self.view_functions.get(asked.endpoint or ""), "programs")

    def in_transaction(self, database: "Database", asked: Request, *, read_only: bool) -> Response:
        """Answer, having committed if the answer is a success; session changes count only with a commit."""
        from apps.chassis.transactions import run

        pinned = asked.endpoint in self.writer_readers or (self.pin is not None and self.pin.holds(asked))
        tries = count()

        def work() -> Response:
            if next(tries):
                self.forget_first_try()
            return self.answer()

        response: Response = run(database, read_only=read_only, pinned=pinned, work=work, commit_if=is_success)
        if is_success(response):
            self.save_session()
        else:
            self.discard_session()
        return response

    def forget_first_try(self) -> None:
        """Undo what a view that is repeated left behind: session changes, and uploads read to their end."""
        self.discard_session()
        for _, upload in request.files.items(multi=True):
            upload.stream.seek(0)

    def save_session(self) -> None:
        """Store what was changed in the visitor's session.

        It is done here and not by Flask at the very end, where a session that cannot be saved would end in a bare 500.
        """
        if self.session_store is None or not session.modified:
            return
        from apps.chassis.sessions import SessionEnded, SessionTooLarge, SessionUnavailable

        try:
            cast("Session", session).save()
        except (SessionEnded, SessionTooLarge, SessionUnavailable) as error:
            # What the view wrote is committed and acknowledged by its answer; "nothing was changed" would be a lie.
            if not current_record().wrote:
                raise
            log.warning("the session could not be saved after the commit: %s", error)

    def discard_session(self) -> None:
        """Forget what was to be changed in the visitor's session."""
        if self.session_store is not None:
            cast("Session", session).discard()

    def answer(self) -> Response:
        """The view's return value as a response."""
        return self.make_response(super().dispatch_request())

    def handle_user_exception(self, e: Exception) -> Any:
        self.discard_session()
        return super().handle_user_exception(e)

    def process_response(self, response: Any) -> Any:
        """The finished answer, after all that came with the request was read, wanted or not."""
        if request.method not in security.SAFE_METHODS:
            bodies.read_rest(request.environ)
        return super().process_response(response)

    def start_process(self) -> None:
        """Start what each process needs of its own; called after the fork, never in the parent."""
        self.identity.look_up(self.settings.metadata_endpoint)
        if self.database is not None:
            self.database.start()
        for watch in self.watches.values():
            watch.start()

    def stop_process(self) -> None:
        """Tell what runs in the background that this process ends."""
        for watch in self.watches.values():
            watch.stop()


def create_app(settings: Settings, site: Site | None = None) -> Application:
    """The web tier of `site`, or of the site that the settings name."""
    app = _bare(settings, site or site_of(settings.app))
    for blueprint in app.site.blueprints():
        app.register_blueprint(blueprint)
    return _finished(app)


def create_worker(settings: Settings, site: Site | None = None) -> Application:
    """The worker tier: the jobs' routes and none of the site's."""
    from apps.chassis.worker import register

    app = _bare(settings, site or site_of(settings.app))
    register(app)
    return _finished(app)


def site_of(name: str) -> Site:
    """The site of that name; this is the one place where the chassis loads an app."""
    site: Site = importlib.import_module(f"apps.{name}").SITE
    return site


def open_database(site: Site, settings: Settings) -> "Database | None":
    """The site's database, not connected yet; None for a site without one."""
    if site.metadata is None:
        return None
    from apps.chassis.database import Database

    return Database(
        settings.database_url,
        settings.database_replica_urls,
        max_lag_seconds=settings.replica_max_lag_seconds,
        # A cache's loader reads through a connection of its own while its request may hold another.
        pool_size=2 * settings.threads,
    )


def is_success(response: Response) -> bool:
    """Whether what the view did should last."""
    return response.status_code < 400


def _bare(settings: Settings, site: Site) -> Application:
    logs.configure(settings.log_format)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    app = Application(site.package, static_folder=None, template_folder="templates")
    app.secret_key = settings.secret_key
    app.url_map.converters["int"] = Number
    app.config["MAX_CONTENT_LENGTH"] = bodies.LARGEST_FORM_BYTES
    app.settings, app.site, app.identity = settings, site, Identity.of_settings(settings)
    app.hosts, app.origins = security.Hosts(settings), security.Origins(settings)
    app.is_serving, app.faults = lambda: True, None
    app.untouched = frozenset(
        {"static", "assets", "favicon", "robots", "health.ready", "health.whoami", "architecture"}
    )
    _open_backends(app)
    assets.register(app)
    app.register_blueprint(health.blueprint)
    architecture.register(app)
    errors.register(app)
    return app


def _open_backends(app: Application) -> None:
    settings, site = app.settings, app.site
    app.database = open_database(site, settings)
    app.cache = open_cache(settings.cache_url, database=app.database, prefix=site.name)
    app.storage = open_storage(settings.storage_url, settings.storage_require_mount)
    app.queue = open_queue(settings.queue_url)
    app.mailer = open_mailer(settings.mail_url)
    pin_seconds = max(app.database.pin_seconds if app.database else 0.0, site.kept_seconds)
    app.pin = security.Pin(settings, pin_seconds) if pin_seconds else None
    app.session_store = None
    app.session_interface = NoSessions()
    if site.sessions and not settings.worker:
        _open_sessions(app)
    app.watches = {} if settings.worker else site.watches(app)
    app.readiness = health.Readiness(app)


def _open_sessions(app: Application) -> None:
    from apps.chassis.sessions import Sessions, open_store

    settings = app.settings
    app.session_store = open_store(settings.session_url, settings.secret_keys)
    app.session_interface = Sessions(
        app.session_store,
        # Cookies know no ports: two sites on one machine must not take each other's.
        cookie_name=f"__Host-{settings.app}-session" if settings.secure else f"{settings.app}-session",
        secure=settings.secure,
        lifetime=SESSION_LIFETIME_SECONDS,
    )


def _finished(app: Application) -> Application:
    languages.register(app)
    app.jinja_env.globals.update(site=app.site, show_architecture=app.settings.show_architecture)
    app.jinja_env.globals["stale_seconds"] = lambda: app.database.stale_seconds if app.database else None
    app.writer_readers = frozenset(name for name, view in app.view_functions.items() if hasattr(view, "reads_writer"))
    roles = ("writer", *(f"reader-{i + 1}" for i in range(len(app.settings.database_replica_urls))))
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    app.metrics = Metrics(endpoints, roles, lambda: gauges(app))
    frame = Frame(
        app.site.shortcut(app.wsgi_app, app),
        identity=app.identity,
        headers=security.headers(app.settings),
        show_architecture=app.settings.show_architecture,
        pin=app.pin,
        finish=_finisher(app),
    )
    app.wsgi_app = surrounded(app, frame)  # type: ignore[method-assign, assignment]
    return app


def _finisher(app: Application) -> Any:
    write, observe = logs.AccessLog(app.settings.log_format).write, app.metrics.observe

    def finish(environ: "WSGIEnvironment", record: RequestRecord) -> None:
        observe(record.endpoint, record.status, record.seconds(), record.cache, record.db)
        write(environ, record)

    return finish
