"""One instance: nginx, the version that serves, those that still finish, and a worker's queue daemon."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from beanstalk import processes
from beanstalk.commands import ROOT
from beanstalk.platform import daemon, proxy, tree
from beanstalk.platform.failed import Failed
from beanstalk.platform.here import Home
from beanstalk.platform.places import Address
from beanstalk.platform.proxy import Proxy
from beanstalk.platform.release import Orders, Release
from beanstalk.probe import answer

START_SECONDS = 60.0
HEALTHY_SECONDS = 10.0
SWITCH_SECONDS = 10.0
# Who still waits for an answer after so long is cut off: longer than any page, stream or job may take.
FINISH_SECONDS = 300.0
STOP_SECONDS = 3.0
LOOK_SECONDS = 0.02
# What nginx says of an app that does not answer; 0 is nothing at all.
NGINX_ALONE = (0, 502, 504)
HEALTH = ("aws:elasticbeanstalk:application", "Application Healthcheck URL")


@dataclass(frozen=True, slots=True)
class Leaving:
    """A version that gets no new requests, and the nginx processes that still wait for its answers."""

    release: Release
    workers: frozenset[int]
    since: float


@dataclass
class Instance:
    """Only the main thread may use it: the kernel ends what another thread has started together with that thread."""

    home: Home
    orders: Orders
    port: int
    say: Callable[[str], None]
    number: int = 0
    release: Release | None = None
    leaving: list[Leaving] = field(default_factory=list)
    finishing: list[Release] = field(default_factory=list)
    courier: processes.Process | None = None
    courier_command: list[str] = field(default_factory=list)
    courier_runs_by: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        (self.home.logs / "nginx" / "healthd").mkdir(parents=True, exist_ok=True)
        (self.home.logs / "aws-sqsd").mkdir(exist_ok=True)
        self.public = Proxy(self.home.folder / "nginx" / "public", self.home.logs / "nginx")

    def deploy(self, bundle: Path) -> None:
        """Put a bundle's version in place of the present one, or raise Failed and leave that as it was."""
        orders = replace(self.orders, bundle=bundle)
        release = self._next(orders, self.home.folder / "versions" / str(self.number + 1))
        try:
            release.deploy()
            self._try(release, "hooks")
            self._switch(release)
        except BaseException:
            self._discard(release)
            raise
        self.orders = orders

    def configure(self, changes: Mapping[str, str | None]) -> None:
        """Change environment properties, None takes one away, or raise Failed and leave all as it was."""
        old = self.release
        if old is None:
            raise Failed("nothing is deployed yet")
        given = {name: value for name, value in {**self.orders.given, **changes}.items() if value is not None}
        orders = replace(self.orders, given=given)
        release = self._next(orders, old.root)
        try:
            release.configure(old)
            self._try(release, "confighooks")
            self._switch(release)
        except BaseException:
            self._discard(release)
            release.take_back(old)
            raise
        self.orders = orders

    def tend(self) -> None:
        """Start again what has ended by itself, and end what has finished."""
        if self.release is None:
            return
        for name, process in self.release.servers.ended().items():
            self.say(f"{name} {processes.how(process)} and is started again")
            self.release.servers.start_again(name)
        if self.public.process and self.public.process.poll() is not None:
            self.say(f"nginx {processes.how(self.public.process)} and is started again")
            self.public.start()
        if self.courier and self.courier.poll() is not None:
            self.say(f"The queue daemon {processes.how(self.courier)} and is started again")
            self._start_daemon(self.release)
        self._let_go()

    def stop(self) -> None:
        """End everything."""
        servers = [process for release in self._releases() for process in release.servers.all()]
        ours = [process for process in (self.courier, self.public.process) if process]
        processes.stop([*ours, *servers], STOP_SECONDS)

    def _next(self, orders: Orders, root: Path) -> Release:
        self.number += 1
        return Release(self.home, orders, self.number, root, self.say)

    def _try(self, release: Release, hooks: str) -> None:
        """Let the version serve where no visitor comes, until its hooks and health check are content."""
        self._await_server(release)
        trial = Proxy(self.home.folder / "nginx" / f"trial-{release.number}", self.home.logs / "nginx")
        try:
            self._start_proxy(trial, release, release.orders.trial_port)
            release.hooks(hooks, "postdeploy", release.current)
            self._check_health(release)
        finally:
            if trial.process:
                processes.stop([trial.process], STOP_SECONDS)

    def _await_server(self, release: Release) -> None:
        main = next(iter(release.commands))
        self._wait(
            release.places.own.accepts,
            START_SECONDS,
            lambda: f"{main} does not listen:\n{release.servers.said(main)}",
            lambda: release.servers.running[main].poll() is None,
        )

    def _start_proxy(self, one: Proxy, release: Release, port: int) -> None:
        rendered = one.link.with_name(f"{one.link.name}-{release.number}-conf")
        one.link.parent.mkdir(exist_ok=True)
        proxy.render(release.places, rendered, port)
        one.turn(rendered)
        process = one.start()
        log = self.home.logs / "nginx" / "error.log"
        self._wait(
            Address(f"127.0.0.1:{port}").accepts,
            START_SECONDS,
            lambda: f"nginx does not listen:\n{_end(log)}",
            lambda: process.poll() is None,
        )

    def _check_health(self, release: Release) -> None:
        """The page that the bundle names has to be answered by 200; without one, any answer of the app will do."""
        named = release.options.get(HEALTH, "")
        url = f"http://127.0.0.1:{release.orders.trial_port}/{named.partition('/')[2]}"
        main = next(iter(release.commands))

        def is_healthy() -> bool:
            status = answer(url)[0]
            return status == 200 if "/" in named else status not in NGINX_ALONE

        self._wait(
            is_healthy,
            HEALTHY_SECONDS,
            lambda: f"/{named.partition('/')[2]} is answered by {answer(url)}:\n{release.servers.said(main)}",
            lambda: release.servers.running[main].poll() is None,
        )

    def _switch(self, release: Release) -> None:
        """Turn visitors to a version; the one before finishes what it has begun. Raises Failed and turns nobody."""
        old = self.release
        if old is None:
            self._start_proxy(self.public, release, self.port)
        else:
            workers = self._turn_proxy(release)
            self.leaving.append(Leaving(old, frozenset(workers), time.monotonic()))
        self.release = release
        if release.orders.tier == "worker":
            self._turn_daemon(release)
        self.say(f"Version {release.number} serves at http://127.0.0.1:{self.port}")

    def _turn_proxy(self, release: Release) -> set[int]:
        """Have nginx read the version's configuration; answers its processes that go on with the old one."""
        rendered = self.public.link.with_name(f"public-{release.number}-conf")
        proxy.render(release.places, rendered, self.port)
        before, workers = self.public.link.resolve(), self.public.workers()
        self.public.turn(rendered)
        if self.public.process:
            self.public.process.send_signal(signal.SIGHUP)
        log = self.home.logs / "nginx" / "error.log"
        try:
            self._wait(
                lambda: bool(self.public.workers() - workers) and proxy.are_leaving(workers),
                SWITCH_SECONDS,
                lambda: f"nginx goes on with the old configuration:\n{_end(log)}",
            )
        except Failed:
            # Should it ever be started again, it must not be with what it has refused.
            self.public.turn(before)
            raise
        return workers

    def _turn_daemon(self, release: Release) -> None:
        """Start the daemon, or another where the version wants other times or tasks: it cuts what it waits for."""
        orders = release.orders
        words = daemon.command(orders.app, release.options, release.properties, release.current, self.port)
        cron = release.current / "cron.yaml"
        wanted = [cron.read_text() if word == str(cron) else word for word in words]
        if self.courier and wanted == self.courier_runs_by:
            return
        if self.courier:
            processes.stop([self.courier], STOP_SECONDS)
        self.courier_command, self.courier_runs_by = words, wanted
        self._start_daemon(release)

    def _start_daemon(self, release: Release) -> None:
        aws = {name: value for name, value in release.properties.items() if name.startswith("AWS_")}
        with (self.home.logs / "aws-sqsd" / "default.log").open("ab") as log:
            self.courier = processes.spawn(self.courier_command, {**os.environ, **aws}, ROOT, log.fileno())

    def _let_go(self) -> None:
        """Ask a version to end once nginx waits for it no more, and forget it when it has."""
        for one in list(self.leaving):
            if not one.workers & self.public.workers() or time.monotonic() - one.since > FINISH_SECONDS:
                self.leaving.remove(one)
                self.finishing.append(one.release)
                for process in one.release.servers.all():
                    process.terminate()
        for release in list(self.finishing):
            if len(release.servers.ended()) == len(release.servers.all()):
                self.finishing.remove(release)
                self._discard(release)
                self.say(f"Version {release.number} has finished")

    def _discard(self, release: Release) -> None:
        """End what is left of a version, and remove its tree unless another one is in it."""
        processes.stop(release.servers.all(), STOP_SECONDS)
        if all(release.root != other.root for other in self._releases()):
            tree.remove(release.root)

    def _releases(self) -> list[Release]:
        present = [self.release] if self.release else []
        return [*present, *(one.release for one in self.leaving), *self.finishing]

    def _wait(
        self,
        is_so: Callable[[], bool],
        seconds: float,
        complaint: Callable[[], str],
        may_wait: Callable[[], bool] = lambda: True,
    ) -> None:
        deadline = time.monotonic() + seconds
        while not is_so():
            if time.monotonic() > deadline or not may_wait():
                raise Failed(complaint())
            time.sleep(LOOK_SECONDS)


def _end(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-10:])
