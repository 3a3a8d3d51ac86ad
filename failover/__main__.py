"""`python -m failover watch | appoint HOST:PORT | status`: the promoter's commands, told by FAILOVER_* variables."""

import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence

import pymysql

from failover.endpoints import open_endpoint
from failover.promoter import Promoter
from failover.servers import Server, Unreachable
from failover.settings import Settings, WrongSetting
from failover.state import Busy, NotAppointed, State, held

USAGE = "usage: python -m failover watch | appoint HOST:PORT | status"


def main(argv: Sequence[str]) -> int:
    """Run the verb; answers its exit code."""
    commands: dict[tuple[str, int], Callable[..., None]] = {
        ("watch", 0): watch, ("appoint", 1): appoint, ("status", 0): status
    }  # fmt: skip
    command = commands.get((argv[0], len(argv) - 1)) if argv else None
    if command is None:
        print(USAGE, file=sys.stderr)
        return 2
    try:
        command(Settings.from_environ(os.environ), *argv[1:])
    except NotAppointed as error:
        print(f"{error}: name the writer first, python -m failover appoint HOST:PORT", file=sys.stderr)
        return 1
    except (WrongSetting, Busy) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def watch(settings: Settings) -> None:
    """Watch until SIGTERM or Ctrl-C; raises NotAppointed, Busy or WrongSetting."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stdout)
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    with held(settings.state):
        state = State.load(settings.state)
        endpoint = open_endpoint(settings.endpoint)
        try:
            Promoter(settings, state, endpoint).run(stopping)
        finally:
            endpoint.close()


def appoint(settings: Settings, name: str) -> None:
    """Say who is the writer, whatever any other one has: for the first start, or when a loss must be accepted."""
    if name not in {address.name for address in settings.servers}:
        raise WrongSetting(f"{name} is none of FAILOVER_SERVERS")
    with held(settings.state):
        State(name).save(settings.state)
    print(f"{name} is the writer from the next start of the promoter on")


def status(settings: Settings) -> None:
    """Print who is the writer and what each server says of itself; changes nothing."""
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
