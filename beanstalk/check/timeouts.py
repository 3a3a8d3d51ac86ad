"""A worker's timeouts: nginx waits longer than the daemon, and the queue longer than both."""

from __future__ import annotations

import re
from collections.abc import Iterator

from beanstalk.check.findings import Finding
from beanstalk.check.procfile import main_process
from beanstalk.check.subject import SQSD, Subject

# Named in a comment it sets nothing.
MENTIONED = re.compile(rb"^[^#\n]*proxy_read_timeout", re.MULTILINE)
READ_TIMEOUT = re.compile(r"^\s*proxy_read_timeout\s+(\d{1,9})(ms|s|m|h)?\s*;")
UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600}
DEADLINE = re.compile(r"\bdeadline_seconds\s*=\s*(\d{1,9})")
NGINX_DEFAULT = 60
LEAST_ERROR_VISIBILITY = 60


def check(subject: Subject) -> Iterator[Finding]:
    """Findings about a worker; nothing for a web server."""
    inactivity = subject.settings.number(SQSD, "InactivityTimeout", 299)
    if not subject.is_worker or inactivity is None:
        return
    yield from _queue(subject, inactivity)
    yield from _nginx(subject, inactivity)
    yield from _gunicorn(subject, inactivity)
    for name in subject.tree.files:
        if name.rpartition("/")[2] == "jobs.py":
            yield from _jobs(subject, name, inactivity)


def _place(subject: Subject, *options: str) -> tuple[str, int]:
    """The line of one of these options, or of what makes this a worker."""
    found = [subject.settings.find(SQSD, option) for option in options]
    setting = next((one for one in found if one), None) or next(iter(subject.settings.below(SQSD)), None)
    if setting:
        return setting.file, setting.line
    names = [name for name in ("cron.yaml", "Procfile") if name in subject.tree.files]
    return (subject.tree.where(names[0]) if names else subject.tree.label or ".", 1)


def _queue(subject: Subject, inactivity: int) -> Iterator[Finding]:
    visibility = subject.settings.number(SQSD, "VisibilityTimeout", 300)
    if visibility is not None and visibility <= inactivity:
        place = _place(subject, "VisibilityTimeout", "InactivityTimeout")
        text = f"a message is visible again after {visibility} s while its job may take {inactivity}"
        yield Finding(*place, "timeout-order", f"{text}; make VisibilityTimeout longer than InactivityTimeout")
    again = subject.settings.number(SQSD, "ErrorVisibilityTimeout", 2)
    if again is not None and again < LEAST_ERROR_VISIBILITY:
        place = _place(subject, "ErrorVisibilityTimeout")
        text = f"a failed message is tried again after {again} s, so a short outage makes dead letters of all"
        yield Finding(*place, "error-visibility", f"{text}; set ErrorVisibilityTimeout to 60 or more")


def _nginx(subject: Subject, inactivity: int) -> Iterator[Finding]:
    tree, told = subject.tree, False
    for name in tree.files:
        if not name.startswith((".platform/", ".ebextensions/")):
            continue
        told = told or bool(MENTIONED.search(tree.read(name)))
        for number, line in enumerate(tree.lines(name), 1):
            found = READ_TIMEOUT.match(line)
            seconds = int(found[1]) * UNITS[found[2] or "s"] if found else None
            if seconds is not None and seconds <= inactivity:
                text = f"nginx gives up after {seconds:g} s while a job may take {inactivity}"
                yield Finding(tree.where(name), number, "timeout-order", f"{text}; make it more than InactivityTimeout")
    if not told and inactivity >= NGINX_DEFAULT and "Procfile" in tree.files:
        text = f"nginx gives up after its default of {NGINX_DEFAULT} s while a job may take {inactivity}"
        yield Finding(*_place(subject, "InactivityTimeout"), "timeout-proxy", f"{text}; set proxy_read_timeout")


def _gunicorn(subject: Subject, inactivity: int) -> Iterator[Finding]:
    main = main_process(subject.tree)
    if not main or not main.is_gunicorn or main.option("--threads", "-k", "--worker-class", "-c", "--config"):
        return
    given = main.option("--timeout", "-t") or "30"
    if given.isascii() and given.isdigit() and 0 < int(given[:9]) <= inactivity:
        text = f"gunicorn ends a process that is busy for {given} s while a job may take {inactivity}"
        yield Finding(
            subject.tree.where("Procfile"), main.line, "timeout-gunicorn", f"{text}; raise --timeout or use --threads"
        )


def _jobs(subject: Subject, name: str, inactivity: int) -> Iterator[Finding]:
    for number, line in enumerate(subject.tree.lines(name), 1):
        found = DEADLINE.search(line)
        if found and int(found[1]) >= inactivity:
            text = f"this job may take {found[1]} s, and the daemon waits {inactivity}"
            yield Finding(subject.tree.where(name), number, "timeout-job", f"{text}; raise InactivityTimeout")
