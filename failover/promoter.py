"""Who is the writer, decided twice a second.

What is promised: a commit that was acknowledged while the standby was in step is on whichever server is the writer
next. It rests on three rules. The standby is promoted only if it was in step when the writer was lost. It stops
receiving before it applies what it has, and so the old writer, dead, hung or cut off, cannot acknowledge anything any
more. Every server starts read-only, so that an old writer that comes back is none.

The readers follow the standby while it is in step: so none of them ever has what a promoted standby lacks.
"""

import logging
import threading
import time
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace

import pymysql

from failover.clones import Clones
from failover.endpoints import Endpoint
from failover.servers import Sample, Server, Unfit, Unreachable
from failover.settings import Settings
from failover.state import State

APPLY_SECONDS = 30.0
# By then every site has taken it out of rotation, so that its being made anew fails nobody's page.
TROUBLED_SECONDS = 5.0

log = logging.getLogger(__name__)
Samples = dict[str, Sample | None]


class Promoter:
    """The only one who lifts read_only. `run` it in one thread."""

    def __init__(self, settings: Settings, state: State, endpoint: Endpoint) -> None:
        self.settings = settings
        self.state = state
        self.endpoint = endpoint
        addresses = (*settings.servers, *settings.readers)
        self.servers = {address.name: Server(address, settings.timeout) for address in addresses}
        self._misses: Counter[str] = Counter()
        self._troubled: Counter[str] = Counter()
        self._clones = Clones()
        self._said: dict[str, str] = {}
        self._pool = ThreadPoolExecutor(len(addresses), "probe")

    @property
    def writer(self) -> Server:
        return self.servers[self.state.writer]

    @property
    def standby(self) -> Server:
        """The one of the two that is not the writer, whatever its condition."""
        first, second = (self.servers[address.name] for address in self.settings.servers)
        return second if first.name == self.state.writer else first

    def run(self, stopping: threading.Event) -> None:
        """Watch until told to stop."""
        while not stopping.is_set():
            self.step()
            stopping.wait(self.settings.interval)
        self._pool.shutdown()
        for server in self.servers.values():
            server.close()

    def step(self) -> None:
        """Look once and do what follows; what fails is told, and tried again in the next step."""
        try:
            self._step()
        except (Unreachable, Unfit, OSError, pymysql.Error) as error:
            self._say("step", f"cannot go on: {error}")
        else:
            self._said.pop("step", None)

    def _step(self) -> None:
        self._note_clones()
        samples = self._probe()
        writer = samples[self.writer.name]
        if writer is None or writer.read_only:
            self._replace_writer(writer)
            return
        self._misses[self.writer.name] = 0
        self.endpoint.point_at(self.writer.address)
        self._mind_standby(samples[self.standby.name])
        for address in self.settings.readers:
            self._mind(self.servers[address.name], samples[address.name], self._source_of_readers())

    def _probe(self) -> Samples:
        asked = {name: self._pool.submit(server.probe) for name, server in self.servers.items()}
        return {name: self._answer(name, answer) for name, answer in asked.items()}

    def _answer(self, name: str, answer: "Future[Sample]") -> Sample | None:
        try:
            sample = answer.result()
        except Unreachable as error:
            self._say(name, f"{name} cannot be reached: {error}")
            return None
        except pymysql.Error as error:
            # A writer that refuses us, perhaps for a wrong password, lives: that is no reason to replace it.
            if name == self.state.writer:
                raise
            self._say(name, f"{name} refuses: {error}")
            return None
        self._said.pop(name, None)
        return sample

    # The writer is lost

    def _replace_writer(self, writer: Sample | None) -> None:
        self._misses[self.state.writer] += 1
        if writer is None and self._misses[self.state.writer] < self.settings.misses:
            return
        if self.state.in_step and self._is_standby_fit(writer):
            self._promote_standby()
        elif writer is not None:
            # It has restarted, and has all that it ever acknowledged, which nobody else may have.
            self._save(in_step=False)
            self._install(self.writer)
        else:
            self.endpoint.point_at(None)
            self._say("lost", f"{self.state.writer} is lost, and {self.standby.name} may lack some of what it had")

    def _is_standby_fit(self, writer: Sample | None) -> bool:
        """Whether it has all that it acknowledged, and acknowledges nothing more; raises where only it can help."""
        self.endpoint.point_at(None)
        try:
            self.standby.stop_receiving()
            self.standby.apply_all(APPLY_SECONDS)
        except (Unreachable, Unfit, pymysql.Error) as error:
            # If it has restarted as well, it has forgotten what it had not applied; the writer that is back has that.
            if writer is None:
                raise
            self._say("unfit", f"{self.standby.name} cannot be promoted: {error}")
            return False
        return True

    def _promote_standby(self) -> None:
        log.warning("%s is lost or read-only: promoting %s", self.writer.name, self.standby.name)
        # Saved first: were we killed here, the next step of whoever comes after us would go on from this line.
        self._save(writer=self.standby.name, in_step=False)
        self._install(self.writer)

    def _install(self, server: Server) -> None:
        server.promote()
        self._misses.clear()
        self._said.clear()
        self.endpoint.point_at(server.address)
        log.warning("%s is the writer", server.name)

    # The standby

    def _mind_standby(self, sample: Sample | None) -> None:
        standby = self.standby
        if sample is not None and sample.follows and sample.source == self.writer.name:
            self._misses[standby.name] = 0
            if not self.state.in_step:
                self._get_in_step()
            return
        self._misses[standby.name] += 1
        # Starting anew it forgets what it had acknowledged and not applied; only a writer that lives has that then.
        gone, stopped = self._misses[standby.name] >= self.settings.misses, sample is not None and sample.stopped
        if self.state.in_step and (gone or stopped):
            log.warning("%s is not in step any more", standby.name)
            self._save(in_step=False)
        if gone:
            self.writer.loosen()
        self._mind(standby, sample, self.writer)

    def _get_in_step(self) -> None:
        """Make the writer wait for the standby, once that has received so much that nobody waits for long."""
        if not self._has_received_all(self.settings.interval):
            return
        self.writer.guard()
        # What was committed before it was guarded must have arrived, too.
        if self.writer.is_guarded() and self._has_received_all(self.settings.timeout):
            self._save(in_step=True)
            log.warning("%s is in step with %s", self.standby.name, self.writer.name)

    def _has_received_all(self, seconds: float) -> bool:
        """Whether what the writer has committed by now gets to the standby within some seconds."""
        position, deadline = self.writer.position(), time.monotonic() + seconds
        while not self.standby.has_received(position):
            if time.monotonic() > deadline:
                return False
            time.sleep(0.05)
        return True

    # Followers

    def _source_of_readers(self) -> Server:
        return self.standby if self.state.in_step else self.writer

    def _mind(self, server: Server, sample: Sample | None, source: Server) -> None:
        """Bring one that should follow `source` to where it does."""
        if sample is None or self._clones.is_making(server.name):
            return
        if server.name in self.state.unusable or self._is_troubled(server, sample):
            self._clone(server, source)
        elif not sample.read_only:
            log.warning("%s takes writes and is not the writer: retiring it", server.name)
            server.retire()
        elif sample.source != source.name:
            self._repoint(server, source)
        elif server is self.standby and sample.stopped and not sample.trouble:
            server.acknowledge()
            server.resume()

    def _repoint(self, server: Server, source: Server) -> None:
        if server is self.standby:
            server.acknowledge()
        elif source is self.standby:
            # Whoever asks for what a source has not got yet is refused for good.
            server.execute("STOP SLAVE")
            if not source.has_applied(server.applied(), self.settings.interval):
                server.resume()
                return
        log.warning("%s follows %s now", server.name, source.name)
        server.follow(source.address)

    def _is_troubled(self, server: Server, sample: Sample) -> bool:
        self._troubled[server.name] = self._troubled[server.name] + 1 if sample.trouble else 0
        if sample.trouble:
            self._say(f"trouble {server.name}", f"{server.name} cannot follow: {sample.trouble}")
        return self._troubled[server.name] * self.settings.interval > TROUBLED_SECONDS

    def _clone(self, server: Server, source: Server) -> None:
        # Saved first: were we killed here, nobody would know that this one has only the half of everything.
        self._save(unusable=tuple({*self.state.unusable, server.name}))
        log.warning("%s is made anew from %s", server.name, source.name)
        self._clones.start(server, source)

    def _note_clones(self) -> None:
        made = self._clones.take_made()
        if made:
            self._save(unusable=tuple(set(self.state.unusable) - made))
            log.warning("made anew: %s", ", ".join(made))

    def _save(self, **changes: object) -> None:
        # Known to the disk before anything here acts on it.
        state = replace(self.state, **changes)  # type: ignore[arg-type]
        state.save(self.settings.state)
        self.state = state

    def _say(self, what: str, text: str) -> None:
        """Log it once, until it is otherwise."""
        if self._said.get(what) != text:
            self._said[what] = text
            log.warning("%s", text)
