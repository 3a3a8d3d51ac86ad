"""Gunicorn's configuration, from the same settings as the app: `gunicorn --config python:apps.chassis.server`."""

import gc
import sys
from typing import TYPE_CHECKING, Any

from gunicorn.glogging import Logger

from apps.chassis import logs
from apps.chassis.settings import SettingsError, of_this_process

if TYPE_CHECKING:
    from gunicorn.arbiter import Arbiter
    from gunicorn.workers.base import Worker

try:
    settings = of_this_process()
except SettingsError as error:
    sys.exit(str(error))

logs.configure(settings.log_format)
# Nothing that is loaded before the fork is ever thrown away: looking through it for garbage would only cost time,
# and marking it in each process would unshare its memory.
gc.disable()


class ServerLog(Logger):  # type: ignore[misc]  # gunicorn ships no types
    """Gunicorn's own messages, in the same format and on the same stream as the app's."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True


bind = [settings.bind, *([settings.metrics_bind] if settings.metrics_bind else [])]
workers = settings.processes
threads = settings.threads
worker_class = "gthread"
# The app is loaded once and its memory shared; pools and threads are made in each process after the fork.
preload_app = True
# Longer than the 60 s for which a load balancer keeps idle connections, so that it never sends into a closed one.
keepalive = 75
timeout = 60
# A job may take its whole deadline; a page may not.
graceful_timeout = 170 if settings.worker else 20
control_socket_disable = True
# The app itself decides which proxies to believe; a unix socket's peers would else be believed without being asked.
forwarded_allow_ips = ""
forwarder_headers = ""
secure_scheme_headers: dict[str, str] = {}
accesslog = None
errorlog = "-"
proc_name = settings.app + (".worker" if settings.worker else "")
logger_class = ServerLog


def on_starting(server: "Arbiter") -> None:
    """Say once what a reader of the log would otherwise wonder about."""
    if settings.processes < settings.workers:
        server.log.info("SESSION_URL=memory: keeps sessions in one process, so one worker process serves all requests")


def pre_fork(server: "Arbiter", worker: "Worker") -> None:
    """Set what is loaded apart from garbage, and give the new process the lowest free slot of the shared counters."""
    gc.freeze()
    taken = {living.slot for living in server.WORKERS.values()}
    worker.slot = next(slot for slot in range(len(taken) + 1) if slot not in taken)


def post_fork(server: "Arbiter", worker: "Worker") -> None:
    """Start what each process needs of its own."""
    gc.enable()
    application: Any = worker.app.callable
    application.metrics.use_slot(worker.slot)
    # What lasts for minutes asks this, or a stop would wait for it until it is killed.
    application.is_serving = lambda: worker.alive
    application.start_process()


def worker_exit(server: "Arbiter", worker: "Worker") -> None:
    """End what each process has of its own."""
    worker.app.callable.stop_process()
