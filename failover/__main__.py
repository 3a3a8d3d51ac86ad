"""`python -m failover watch | appoint HOST:PORT | status | relay`: promoter and relay, told by FAILOVER_* variables."""

import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping, Sequence

import pymysql

from failover.endpoints import open_endpoint
from failover.follower import Follower
from failover.promoter import Promoter
from failover.servers import Server, Unreachable
from failover.settings import RelaySettings, Settings, WrongSetting
from failover.state import Busy, NotAppointed, State, held

USAGE = "usage: python -m failover watch | appoint HOST:PORT | status | relay"


def main(argv: Sequence[str]) -> int:
    """Run the verb; answers its exit code."""
    commands: dict[tuple[str, int], Callable[..., None]] = {
        ("watch", 0): watch, ("appoint", 1): appoint, ("status", 0): status, ("relay", 0): relay
    }  # fmt: skip
    command = commands.get((argv[0], len(argv) - 1)) if argv else None
    if command is None:
        print(USAGE, file=sys.stderr)
        return 2
    try:
        command(os.environ, *argv[1:])
    except NotAppointed as error:
        print(f"{error}: name the writer first, python -m failover appoint HOST:PORT", file=sys.stderr)
        return 1
    except (WrongSetting, Busy) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def watch(environ: Mapping[str, str]) -> None:
    """Watch until SIGTERM or Ctrl-C; raises NotAppointed, Busy or WrongSetting."""
    settings, stopping = Settings.from_environ(environ), _stopping()
    with held(settings.state):
        if settings.first and not settings.state.exists():
            _appoint_first(settings, stopping)
        state = State.load(settings.state)
        endpoint = open_endpoint(settings.endpoint)
        try:
            Promoter(settings, state, endpoint).run(stopping)
        finally:
            endpoint.close()


def _appoint_first(settings: Settings, stopping: threading.Event) -> None:
    """Appoint FAILOVER_FIRST once both servers answer; raises NotAppointed if either has written anything."""
    settings.check(settings.first)
    servers = [Server(address, settings.timeout) for address in settings.servers]
    while not stopping.is_set():
        try:
            positions = [server.position() for server in servers]
        except (Unreachable, pymysql.Error):
            stopping.wait(settings.interval)
            continue
        # Whoever lost the state must say who is the writer: by guessing, acknowledged commits would be thrown away.
        if any(positions):
            raise NotAppointed("the state is lost, and the servers are not new")
        State(settings.first).save(settings.state)
        return


def relay(environ: Mapping[str, str]) -> None:
    """Lead to whom a promoter elsewhere announces, until SIGTERM or Ctrl-C; raises Busy or WrongSetting."""
    settings, stopping = RelaySettings.from_environ(environ), _stopping()
    with held(settings.state):
        endpoint = open_endpoint(settings.endpoint)
        try:
            Follower(settings.promoter, settings.state, endpoint).run(stopping)
        finally:
            endpoint.close()


def _stopping() -> threading.Event:
    """What SIGTERM and Ctrl-C set; from now on there is a log, too."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stdout)
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    return stopping


def appoint(environ: Mapping[str, str], name: str) -> None:
    """Say who is the writer, whatever any other one has: for the first start, or when a loss must be accepted."""
    settings = Settings.from_environ(environ)
    settings.check(name)
    with held(settings.state):
        State(name).save(settings.state)
    print(f"{name} is the writer from the next start of the promoter on")


def status(environ: Mapping[str, str]) -> None:
    """Print who is the writer and what each server says of itself; changes nothing."""
    settings = Settings.from_environ(environ)
    state = State.load(settings.state)
    print(f"writer {state.writer}, standby {'in step' if state.in_step else 'not in step'}")
    for address in (*settings.servers, *settings.readers):
        print(f"{address.name}  {_condition(Server(address, settings.timeout))}")


def _condition(server: Server) -> str:
    try:
        sample = server.probe()
    except (Unreachable, pymysql.Error) as error:
        return f"away: {error}"
    finally:
        server.close()
    writes = "read-only" if sample.read_only else "takes writes"
    follows = f", follows {sample.source}" if sample.follows else ""
    return f"{writes}{follows}{', ' if sample.trouble else ''}{sample.trouble}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
