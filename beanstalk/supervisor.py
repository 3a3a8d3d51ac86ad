"""Starts what is planned, shows what it says, and ends all of it when one part ends or somebody asks."""

import os
import selectors
import signal
import socket
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from types import FrameType

from beanstalk import commands, processes
from beanstalk.console import Console, Voice
from beanstalk.plan import Plan
from beanstalk.probe import answer

READY_SECONDS = 60.0
PROBE_SECONDS = 0.05
STOP_SECONDS = 2.5
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
DEMO_ACCOUNTS = {
    "myclothes": "demo@myclothes.test / demo-clothes-2026",
    "mywordpress": "author@mywordpress.test / demo-words-2026",
}


class Supervisor:
    """One thread: a child started by any other would be ended by the kernel together with that thread."""

    def __init__(self, planned: Sequence[Plan], console: Console) -> None:
        self.planned = planned
        self.console = console
        self.voices = {plan.name: (console.voice(plan.name), console.voice(f"{plan.name} worker")) for plan in planned}
        self.daemon_voice = console.voice("queue daemon")
        self.running: dict[processes.Process, Voice] = {}
        self.awaited: dict[str, Plan] = {}
        self.stopping = False
        self.selector = selectors.DefaultSelector()
        self.started_at = time.monotonic()

    def run(self) -> int:
        """Answers 0 when asked to stop and 1 when a part ended by itself; no process is left behind then."""
        self._hear_signals()
        complaint = None
        try:
            for plan in self.planned:
                self._start_web(plan)
            complaint = self._watch()
        except BrokenPipeError:
            # Nobody reads any more: `make run | head` has seen enough.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        finally:
            processes.stop(self.running, STOP_SECONDS, self._listen_on)
        if complaint:
            self.console.complain(complaint)
            return 1
        self.console.say("Everything is stopped.")
        return 0

    def _watch(self) -> str | None:
        """Show and tend everything until somebody asks to stop (None) or there is something to complain of."""
        while not self.stopping:
            self._listen(PROBE_SECONDS if self.awaited else None)
            if complaint := self._ended() or self._late():
                return complaint
            self._notice_readiness()
        return None

    def _hear_signals(self) -> None:
        ours, pythons = socket.socketpair()
        for end in (ours, pythons):
            end.setblocking(False)
        signal.set_wakeup_fd(pythons.fileno(), warn_on_full_buffer=False)
        # A child's end is a signal too; what it means is found out by looking, so nothing is done here.
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for number in STOP_SIGNALS:
            signal.signal(number, self._stop)
        self._wakeups = (ours, pythons)
        self.selector.register(ours, selectors.EVENT_READ, None)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def _start_web(self, plan: Plan) -> None:
        self._start(commands.web(plan), plan.environ, self.voices[plan.name][0])
        self.awaited[f"{plan.url}/health/ready"] = plan

    def _start_worker(self, plan: Plan) -> None:
        self._start(commands.worker(), plan.worker_environ, self.voices[plan.name][1])
        self.awaited[f"{plan.worker_url}/health/live"] = plan

    def _start_daemon(self) -> None:
        self._start(commands.daemon(self.planned), self.planned[0].environ, self.daemon_voice)

    def _start(self, command: list[str], environ: Mapping[str, str], voice: Voice) -> None:
        output, inlet = os.pipe()
        os.set_blocking(output, False)
        try:
            process = processes.spawn(command, environ, commands.ROOT, inlet)
        finally:
            os.close(inlet)
        self.running[process] = voice
        self.selector.register(output, selectors.EVENT_READ, voice)

    def _listen_on(self, seconds: float) -> None:
        with suppress(OSError):
            self._listen(seconds)

    def _listen(self, seconds: float | None) -> None:
        """Wait for output or a signal, at most so long, and show what came."""
        for key, _ in self.selector.select(seconds):
            if key.data is None:
                self._wakeups[0].recv(4096)
            else:
                self._hear(key.fd, key.data)

    def _hear(self, output: int, voice: Voice) -> None:
        data = os.read(output, 65536)
        if not data:
            self.selector.unregister(output)
            os.close(output)
        voice.hear(data)

    def _ended(self) -> str | None:
        """What there is to say of a part that has ended by itself."""
        for process, voice in self.running.items():
            if not self.stopping and process.poll() is not None:
                # Its last words may still be on their way.
                self._listen(PROBE_SECONDS)
                return f"{voice.name} {processes.how(process)}: {voice.last_line or 'it said nothing'}"
        return None

    def _late(self) -> str | None:
        if not self.awaited or time.monotonic() - self.started_at < READY_SECONDS:
            return None
        url = next(iter(self.awaited))
        return f"{url} is not ready after {READY_SECONDS:g} s: {answer(url)[1]}"

    def _notice_readiness(self) -> None:
        if not self.awaited:
            return
        for url, plan in list(self.awaited.items()):
            if answer(url)[0] == 200:
                del self.awaited[url]
                if url.startswith(f"{plan.url}/"):
                    self._start_worker(plan)
        if not self.awaited:
            self._start_daemon()
            self._welcome()

    def _welcome(self) -> None:
        width = max(len(plan.site.title) for plan in self.planned)
        lines = [f"  {p.site.title:<{width}}  {p.url}  {DEMO_ACCOUNTS.get(p.name, '')}".rstrip() for p in self.planned]
        folder = self.planned[0].settings.var
        taken = time.monotonic() - self.started_at
        self.console.say(
            f"\nAll three sites are up after {taken:.1f} s:\n\n" + "\n".join(lines) + "\n\n"
            f"  Accounts are for trying out. Data lives in {folder}, mail in its mail folders; make reset empties it.\n"
            "  Ctrl-C stops everything.\n"
        )
