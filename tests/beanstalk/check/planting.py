"""Bundles made of texts: a clean one for each tier, and the same with a mistake in it."""

import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial

from beanstalk.check import commands
from beanstalk.check.findings import Finding
from beanstalk.check.subject import build, read
from beanstalk.check.trees import Entry, Tree

Files = Mapping[str, str | bytes | Entry | None]

WEB: Files = {
    "Procfile": "web: gunicorn --bind 127.0.0.1:8000 --threads 8 shop.wsgi:application\n",
    "requirements.txt": "gunicorn==23.0.0\n",
    "shop/__init__.py": "",
    "shop/wsgi.py": "application = None\n",
    ".ebextensions/10-options.config": """\
        option_settings:
          aws:elasticbeanstalk:application:environment:
            SHOP_NAME: shop
          aws:elasticbeanstalk:environment:proxy:staticfiles:
            /static: shop/static
        container_commands:
          10-migrate:
            command: python -m shop migrate
            leader_only: true
        """,
    ".ebextensions/20-topic.config": """\
        Resources:
          Topic:
            Type: AWS::SNS::Topic
        Outputs:
          TopicName:
            Value: !GetAtt Topic.TopicName
        """,
    ".platform/hooks/postdeploy/10-ready.sh": "#!/bin/sh\nset -eu\ntrue\n",
    ".platform/nginx/conf.d/upload.conf": "client_max_body_size 20m;\n",
    ".platform/nginx/conf.d/elasticbeanstalk/media.conf": "location /media/ { alias /var/media/; }\n",
}
WORKER: Files = {
    **WEB,
    "shop/jobs.py": '@job("receipt", deadline_seconds=60)\n@route("/every/night")\n',
    ".ebextensions/30-daemon.config": """\
        option_settings:
          aws:elasticbeanstalk:sqsd:
            InactivityTimeout: 240
            VisibilityTimeout: 300
            ErrorVisibilityTimeout: 60
        """,
    ".platform/nginx/conf.d/timeouts.conf": "proxy_read_timeout 250s;\n",
    "cron.yaml": """\
        version: 1
        cron:
          - name: nightly
            url: /every/night
            schedule: "0 3 * * *"
        """,
}
SAVED = """\
AWSConfigurationTemplateVersion: 1.1.0.0
EnvironmentTier:
  Name: WebServer
  Type: Standard
OptionSettings:
  aws:elasticbeanstalk:environment:
    EnvironmentType: LoadBalanced
    LoadBalancerType: application
"""


@dataclass(frozen=True)
class Planted:
    """A mistake: what it changes in a clean bundle, and the rule and place where it must be found."""

    rule: str
    file: str
    line: int
    files: Files = field(default_factory=dict)
    tier: str = "web"
    saved: str | None = None
    bundle: bool = True
    clean: Files | None = None
    also: tuple[str, ...] = ()

    def found(self) -> list[Finding]:
        clean = (WORKER if self.tier == "worker" else WEB) if self.clean is None else self.clean
        return findings({**clean, **self.files}, tier=self.tier, saved=self.saved, bundle=self.bundle)


def options(text: str) -> str:
    """A configuration file whose options begin in line 2."""
    return "option_settings:\n" + textwrap.indent(textwrap.dedent(text), "  ")


def link(target: str) -> Entry:
    return Entry(lambda: b"", target)


def tree(files: Files, *, bundle: bool = True, size: int = 0) -> Tree:
    entries = {name: _entry(content) for name, content in files.items() if content is not None}
    return Tree("b.zip" if bundle else ".", entries, bundle=bundle, size=size)


def _entry(content: str | bytes | Entry) -> Entry:
    if isinstance(content, Entry):
        return content
    data = textwrap.dedent(content).encode() if isinstance(content, str) else content
    return Entry(partial(bytes, data))


def findings(files: Files, *, tier: str = "", saved: str | None = None, bundle: bool = True) -> list[Finding]:
    """All findings, each once."""
    configurations = () if saved is None else (read("saved.cfg.yml", saved.encode()),)
    return once(commands.findings(build(tree(files, bundle=bundle), configurations, tier)))


def once(found: Iterable[Finding]) -> list[Finding]:
    return sorted(set(found))
