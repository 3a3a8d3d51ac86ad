"""The command lines: `run` serves a bundle until Ctrl-C, `deploy` and `setenv` change what runs."""

from __future__ import annotations

import argparse
import re
import signal
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from beanstalk import var
from beanstalk.commands import ROOT
from beanstalk.plan import free_port
from beanstalk.platform import control, here, stand_ins, tree
from beanstalk.platform.failed import Failed
from beanstalk.platform.here import Home
from beanstalk.platform.instance import Instance
from beanstalk.platform.release import Orders
from beanstalk.refusals import Refused

APPS = ("whatisthetime", "myclothes", "mywordpress")
PORTS = {"web": 8080, "worker": 8090}
LOOK_SECONDS = 0.5


def main(verb: str, argv: Sequence[str], environ: Mapping[str, str]) -> int:
    """Do what one of the three verbs says; answers its exit code."""
    asked = _parser(verb).parse_args(argv)
    folder = var.folder(environ, ROOT) / "platform"
    mine = folder / f"{asked.app}-{asked.tier}"
    try:
        if verb == "run":
            here.refuse_unusable(folder)
            return run(asked, folder, mine)
        if verb == "deploy":
            return control.ask(mine, {"deploy": str(_bundle(asked))})
        return control.ask(mine, {"setenv": asked.changes})
    except (Refused, Failed) as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"{error.filename or folder}: {error.strerror or error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0 if verb == "run" else 130


def run(asked: argparse.Namespace, folder: Path, mine: Path) -> int:
    """Serve until somebody ends it; raises Refused, and Failed if the first deployment fails."""
    bundle = _bundle(asked)
    port = asked.port or PORTS[asked.tier]
    _refuse_port_in_use(port)
    with var.locked(mine), _home(mine, folder / "shared") as home:
        stage = here.properties(asked.app, port, home.shared)
        orders = Orders(asked.app, asked.tier, bundle, stage, asked.env, free_port(), folder / "venvs")
        say = Teller(home.logs / "eb-engine.log")
        instance = Instance(home, orders, port, say)
        listener = control.listen(home.sockets, mine)
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            instance.deploy(bundle)
            say(f"Logs are in {home.logs}. Ctrl-C stops everything.")
            while True:
                tend(instance, listener, say)
        finally:
            listener.close()
            instance.stop()


class Teller:
    """Tells what happens: on the terminal, in the platform's log, and to whoever asked for it."""

    def __init__(self, log: Path) -> None:
        self.log = log
        self.wish: control.Wish | None = None

    def __call__(self, text: str) -> None:
        print(text, flush=True)
        with self.log.open("a") as file:
            file.write(f"{text}\n")
        if self.wish:
            self.wish.say(text)


def tend(instance: Instance, listener: socket.socket, say: Teller) -> None:
    """Grant the next wish if there is one, and look after what runs."""
    wish = control.accept(listener, LOOK_SECONDS)
    if wish:
        say.wish = wish
        code = _granted(instance, wish.wanted, say)
        say.wish = None
        wish.end(code)
    instance.tend()


def _granted(instance: Instance, wanted: Mapping[str, object], say: Callable[[str], None]) -> int:
    try:
        match wanted:
            case {"deploy": str(bundle)}:
                instance.deploy(Path(bundle))
            case {"setenv": dict(changes)}:
                instance.configure(changes)
    except Failed as failure:
        say(f"{failure}\nThe deployment has failed; the version before serves on.")
        return 1
    return 0


@contextmanager
def _home(mine: Path, shared: Path) -> Iterator[Home]:
    """The folders of an instance that has just been launched. A socket's path must be short, so they are elsewhere."""
    for name in ("versions", "nginx", "stand-ins"):
        tree.remove(mine / name)
    control.forget(mine)
    with tempfile.TemporaryDirectory(prefix="eb-") as sockets:
        home = Home(mine, shared, Path(sockets))
        home.logs.mkdir(exist_ok=True)
        home.calls.unlink(missing_ok=True)
        stand_ins.write(home.stand_ins, home.calls, home.mounts)
        yield home


def _bundle(asked: argparse.Namespace) -> Path:
    bundle: Path = (asked.bundle or ROOT / "dist" / f"{asked.app}-{asked.tier}.zip").absolute()
    if not bundle.is_file():
        raise Refused(f"{bundle} is not there: make bundle makes it")
    return bundle


def _refuse_port_in_use(port: int) -> None:
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError as error:
        raise Refused(f"port {port} cannot be used ({error.strerror}): choose another with --port") from None


def _parser(verb: str) -> argparse.ArgumentParser:
    taken = argparse.ArgumentParser(prog=f"python -m beanstalk {verb}", description=(__doc__ or "").partition("\n")[0])
    taken.add_argument("app", choices=APPS)
    taken.add_argument("tier", choices=sorted(PORTS))
    if verb == "setenv":
        taken.add_argument("changes", nargs="+", action=_Properties, metavar="KEY=VALUE", help="KEY= takes it away")
        return taken
    taken.add_argument("--bundle", type=Path, metavar="ZIP", help="dist/APP-TIER.zip unless given")
    if verb == "run":
        taken.add_argument("--port", type=int, metavar="N", help="nginx's port on this machine (8080, workers 8090)")
        taken.add_argument("--env", nargs="+", action=_Properties, default={}, metavar="KEY=VALUE", help="properties")
    return taken


class _Properties(argparse.Action):
    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[object] | None,
        option_string: str | None = None,
    ) -> None:
        found = dict(getattr(namespace, self.dest) or {})
        for word in values or ():
            name, equals, value = str(word).partition("=")
            if not equals or not re.fullmatch(r"[A-Za-z_][\w.:/+@-]*", name):
                parser.error(f"{word}: takes KEY=VALUE")
            found[name] = value or None
        setattr(namespace, self.dest, found)
