"""One version of an app and how it comes to run: unpacking, extensions, hooks, requirements, processes, in order."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from beanstalk.plan import free_port
from beanstalk.platform import extensions, libraries, proxy, servers, stand_ins, tree
from beanstalk.platform.chores import Chores
from beanstalk.platform.extensions import Options
from beanstalk.platform.failed import Failed
from beanstalk.platform.here import Home
from beanstalk.platform.places import PLATFORMS_PORT, Address, Places, address_in
from beanstalk.platform.servers import Servers
from beanstalk.platform.shell import Shell

COMMAND = "aws:elasticbeanstalk:command"
VENV = "/var/app/venv/staging-LQM1lest"
ENV_FILE = "/opt/elasticbeanstalk/deployment/env"


@dataclass(frozen=True, slots=True)
class Orders:
    """What is to run: a bundle, the stage's properties and those given by hand, which win."""

    app: str
    tier: str
    bundle: Path
    stage: Mapping[str, str]
    given: Mapping[str, str]
    trial_port: int
    venvs: Path


@dataclass
class Release:
    """One version. Its processes are of this release's own, its tree may be shared with one configured differently."""

    home: Home
    orders: Orders
    number: int
    root: Path
    say: Callable[[str], None]
    options: Options = field(default_factory=dict)
    properties: dict[str, str] = field(default_factory=dict)
    places: Places = field(init=False)
    servers: Servers = field(default_factory=lambda: Servers({}, {}, Path(), Path()))

    def deploy(self) -> None:
        """Everything up to the processes that listen. Raises Failed."""
        staging = self._unpacked()
        parts = extensions.read(staging)
        self._locate(staging, extensions.options(parts))
        self.places.map_files(staging / ".platform")
        self._tell()
        chores = Chores(self.places, self._shell(), self.say)
        for part in parts:
            chores.do(part)
        self.hooks("hooks", "prebuild", staging)
        self._install(staging)
        proxy.compose(staging, self.places, self.options)
        chores.do_container_commands(extensions.in_order(parts), staging)
        self.hooks("hooks", "predeploy", staging)
        staging.rename(self.current)
        self._start()

    def configure(self, old: Release) -> None:
        """The same version with other properties: hooks for configuration only, no extension. Raises Failed."""
        self._locate(self.current, old.options)
        self._move(old.places, self.places)
        self._tell()
        self.hooks("confighooks", "prebuild", self.current)
        self.hooks("confighooks", "predeploy", self.current)
        self._start()

    def take_back(self, old: Release) -> None:
        """Leave the tree as the old configuration had it."""
        self._move(self.places, old.places)
        old._tell()

    @property
    def current(self) -> Path:
        return self.root / tree.CURRENT.lstrip("/")

    def hooks(self, kind: str, moment: str, folder: Path) -> None:
        """Run all hooks of a moment by name; raises Failed with what the first one printed that fails."""
        for hook in sorted((folder / ".platform" / kind / moment).glob("*")):
            hook.chmod(0o755)
            self.say(f"{kind}/{moment}/{hook.name}")
            done = self._shell().run([str(hook)], folder, "eb-hooks.log")
            if done.code:
                raise Failed(f"{kind}/{moment}/{hook.name} ended with exit code {done.code}:\n{done.output}")

    def _unpacked(self) -> Path:
        self.say(f"Version {self.number}: {self.orders.bundle}")
        tree.grow(self.root, self.home)
        staging = self.root / tree.STAGING.lstrip("/")
        tree.unpack(self.orders.bundle, staging)
        return staging

    def _locate(self, bundle: Path, options: Options) -> None:
        """Find out where this version listens, and so what its texts mean here."""
        self.options = options
        self.commands = servers.commands(bundle, options)
        said = {name: value for (namespace, name), value in options.items() if namespace == extensions.PROPERTIES}
        meant = address_in({**said, **self.orders.given}, next(iter(self.commands.values())))
        self.places = Places(self.root, self.home.run, meant, self._own(meant), self.orders.trial_port)
        theirs = {name: self.places.mapped(value) for name, value in {**said, **self.orders.stage}.items()}
        self.properties = {**theirs, **self.orders.given}
        if "BIND" in self.properties:
            self.properties["BIND"] = self.places.own.text
        if not self.places.own.socket_path:
            self.properties["PORT"] = self.places.own.port

    def _own(self, meant: Address) -> Address:
        if meant.socket_path:
            return Address(f"unix:{self.home.sockets}/{self.number}.sock")
        return Address(f"127.0.0.1:{free_port()}")

    def _tell(self) -> None:
        """Write down for hooks and people what the platform tells them."""
        lines = [f"{name}={value}\n" for name, value in sorted(self.properties.items())]
        env_file = self.places.path(ENV_FILE)
        env_file.write_text("".join(lines))
        env_file.chmod(0o600)
        namespaces: dict[str, dict[str, str]] = {}
        for (namespace, name), value in self.options.items():
            namespaces.setdefault(namespace, {})[name] = value
        state = {
            "environment": self.properties,
            "optionsettings": namespaces,
            "container": {"environment_name": f"{self.orders.app}-here", "app_user": "webapp", "instance_port": "80"},
            "platformconfig": {
                "AppStagingDir": str(self.places.path(tree.STAGING)),
                "AppDeployDir": str(self.places.path(tree.CURRENT)),
            },
        }
        answers = self.places.path("/opt/elasticbeanstalk/deployment/answers.json")
        answers.write_text(json.dumps(state))
        answers.chmod(0o600)
        stand_ins.write_get_config(self.places.path("/opt/elasticbeanstalk/bin/get-config"), answers, self.home.calls)

    def _install(self, staging: Path) -> None:
        made = libraries.installed(staging / "requirements.txt", self.orders.venvs, self.say)
        self.places.path(VENV).symlink_to(made)

    def _shell(self) -> Shell:
        path = os.pathsep.join([str(self.home.stand_ins), os.environ.get("PATH", os.defpath)])
        theirs = {
            "PORT": PLATFORMS_PORT,
            **self.properties,
            "PATH": path,
            "HOME": str(self.places.path("/home/webapp")),
            "LANG": "C.UTF-8",
            "EB_IS_COMMAND_LEADER": "true",
        }
        return Shell(theirs, self.home.logs, float(self.options.get((COMMAND, "Timeout"), "600")))

    def _start(self) -> None:
        venv = self.places.path(VENV).resolve() / "bin"
        environ = {
            "LANG": "C.UTF-8",
            "HOME": str(self.places.path("/home/webapp")),
            **self.properties,
            "PATH": os.pathsep.join([str(venv), os.environ.get("PATH", os.defpath)]),
        }
        commands = {name: self.places.mapped(command) for name, command in self.commands.items()}
        self.servers = Servers(commands, environ, self.current, self.home.logs)
        self.say(f"Starting {', '.join(commands)}")
        self.servers.start()

    def _move(self, old: Places, new: Places) -> None:
        """Rewrite what names the old address: the texts of the tree are mapped already, and not to be so again."""
        moved = replace(new, meant=old.own)
        for folder in (self.current / ".platform", self.places.path(proxy.FOLDER)):
            moved.map_address(folder)
