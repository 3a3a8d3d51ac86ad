"""What the first visitor of a process would wait for, made before by a thread of its own."""

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from apps.chassis import formats
from apps.chassis.catalogues import catalogue
from apps.whatisthetime import present, search, zones

if TYPE_CHECKING:
    from apps.chassis.app import Application

# Whoever started this process is told first that it answers.
PAUSE_SECONDS = 1.0
FRONT = "whatisthetime/front.html"

log = logging.getLogger(__name__)


class Warmth:
    """Warms its process up once, in steps so short that visitors who come meanwhile hardly notice."""

    def __init__(self, app: "Application", pause_seconds: float = PAUSE_SECONDS) -> None:
        self.app = app
        self.pause_seconds = pause_seconds
        self._stopping = threading.Event()
        self._detail = "not begun"

    def start(self) -> None:
        """Begin after a moment."""
        # The master of forked processes may have been told to stop before; its mark must not reach the children.
        self._stopping = threading.Event()
        threading.Thread(target=self._work, args=(self._stopping,), name="warmth", daemon=True).start()

    def stop(self) -> None:
        """Ask the thread to end, after the step that it is at."""
        self._stopping.set()

    def ready(self) -> Mapping[str, Any]:
        """Never red: who comes before waits a little, and gets the same."""
        return {"ok": True, "detail": self._detail}

    def gauges(self) -> Mapping[str, float]:
        """None."""
        return {}

    def _work(self, stopping: threading.Event) -> None:
        if stopping.wait(self.pause_seconds):
            return
        self._detail = "warming up"
        try:
            for step in self._steps():
                if stopping.is_set():
                    return
                step()
        except Exception as error:
            log.exception("the first visitors will wait a little")
            self._detail = f"failed: {type(error).__name__}"
        else:
            self._detail = "warm"

    def _steps(self) -> Iterator[Callable[[], object]]:
        """The most asked for first."""
        templates = self.app.jinja_env
        yield partial(templates.get_template, FRONT)
        for language in self.app.site.languages:
            yield partial(catalogue, self.app.site.package, language)
            yield partial(formats.city_name, "Asia/Seoul", language)
            yield partial(formats.country_name, "KR", language)
        yield partial(formats.format_date, datetime.now(UTC), "full")
        yield from search.PARTS
        for name in templates.list_templates():
            yield partial(templates.get_template, name)
        yield lambda: present.showing(zones.names(), datetime.now(UTC))
