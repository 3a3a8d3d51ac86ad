"""A person with a copy of this project, the real `eb`, and an account in which they may do everything."""

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from beanstalk.commands import ROOT
from tests.services.eb_program import Eb
from tests.services.elasticbeanstalk import ElasticBeanstalk
from tests.services.elasticbeanstalk_environment import REGION, WEB, Environment, options
from tests.services.ministack import Ministack
from tests.support import bundles

BRANCH = "main"


class Account:
    """`account.eb("myclothes-web", "deploy", ...)` is what the person types in eb/myclothes-web."""

    def __init__(self, program: Eb, service: ElasticBeanstalk, ministack: Ministack, folder: Path) -> None:
        self.service = service
        self.region = service.region
        self.project = folder / "project"
        self._program = program
        self._home = folder / "home"
        self._home.mkdir()
        self._environ = {
            "AWS_ENDPOINT_URL": ministack.url,
            "AWS_ENDPOINT_URL_ELASTIC_BEANSTALK": service.url,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": REGION,
            "HTTPS_PROXY": service.url,
            "NO_PROXY": "127.0.0.1",
        }

    def check_out(self, made: Mapping[str, Path]) -> None:
        """Have the project's committed part of `eb`, and its bundles."""
        listed = bundles.git(ROOT, "ls-files", "--cached", "--others", "--exclude-standard", "--", "eb", ".gitignore")
        for name in listed.splitlines():
            (self.project / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, self.project / name, follow_symlinks=False)
        (self.project / "dist").mkdir()
        for file in made.values():
            shutil.copy(file, self.project / "dist")
        bundles.git(self.project, "init", "--quiet", "--initial-branch", BRANCH)
        bundles.commit(self.project)

    def eb(self, folder: str, *words: str) -> str:
        """Run `eb WORDS` in eb/`folder`; what it says. It must succeed, and leave nothing to be committed."""
        done = self.try_eb(folder, *words)
        assert done.returncode == 0, done.stdout + done.stderr
        assert bundles.git(self.project, "status", "--porcelain") == ""
        return done.stdout

    def try_eb(self, folder: str, *words: str) -> "subprocess.CompletedProcess[str]":
        """The same, whatever becomes of it."""
        return self._program.run(self.project / "eb" / folder, *words, home=self._home, environ=self._environ)

    def has(self, name: str, app: str, version: str = "first", **settings: str) -> Environment:
        """An environment of this name, with these variables, as if created long ago."""
        self.region.applications.setdefault(
            app, {"ApplicationName": app, "DateCreated": "2026-01-01T00:00:00Z", "ConfigurationTemplates": []}
        )
        self.region.versions.setdefault(
            (app, version), {"ApplicationName": app, "VersionLabel": version, "DateCreated": "2026-01-01T00:00:00Z"}
        )
        made = Environment(
            name=name,
            app=app,
            version=version,
            tier=WEB,
            cname=f"{name}.{REGION}.elasticbeanstalk.com",
            template={},
            sent=options(_variables(settings)),
            tags={},
        )
        self.region.environments.append(made)
        return made

    def sent(self, action: str) -> Mapping[str, Any]:
        """The parameters of the last call of this action."""
        return self.service.asked(action)[-1]


def _variables(values: Mapping[str, str]) -> list[dict[str, str]]:
    namespace = "aws:elasticbeanstalk:application:environment"
    return [{"Namespace": namespace, "OptionName": name, "Value": value} for name, value in values.items()]
