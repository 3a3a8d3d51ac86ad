"""What is checked: the files of one environment's bundle, its saved configuration, and what these say of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from yaml.nodes import Node

from beanstalk.check import nodes
from beanstalk.check.settings import Setting, Settings, joined, of_section
from beanstalk.check.trees import Tree

ENVIRONMENT = "aws:elasticbeanstalk:environment"
SQSD = "aws:elasticbeanstalk:sqsd"
TIERS = {"WebServer": "web", "Worker": "worker"}
NAMED_FOR = re.compile(r"-(web|worker)(?:\.[a-z]+)?$")


@dataclass(frozen=True, slots=True)
class Config:
    """A YAML or JSON file; `problem` says why it has no root."""

    file: str
    root: Node | None
    problem: nodes.Broken | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """`tier` is `web`, `worker` or empty for unknown; `kind` is `SingleInstance`, `LoadBalanced` or empty."""

    tree: Tree
    configs: tuple[Config, ...]
    saved: tuple[Config, ...]
    settings: Settings
    tier: str
    kind: str

    @property
    def is_worker(self) -> bool:
        """Whether it is for a worker, or has what only a worker has."""
        return self.tier == "worker" or (not self.tier and self.has_worker_parts)

    @property
    def has_worker_parts(self) -> bool:
        return "cron.yaml" in self.tree.files or bool(self.settings.below(SQSD))


def read(file: str, data: bytes) -> Config:
    """Parse one file."""
    try:
        return Config(file, nodes.compose(data))
    except nodes.Broken as broken:
        return Config(file, None, broken)


def build(tree: Tree, saved: tuple[Config, ...] = (), tier: str = "") -> Subject:
    """Put together what is known; a tier that is given wins over what the files say."""
    names = [name for name in tree.below(".ebextensions") if name.endswith(".config") and name.count("/") == 1]
    configs = tuple(read(tree.where(name), tree.read(name)) for name in names)
    settings = joined([*map(_own, configs), *map(_saved, saved)])
    said = [TIERS.get(nodes.text(nodes.get(nodes.get(one.root, "EnvironmentTier"), "Name")), "") for one in saved]
    named = NAMED_FOR.search(tree.label) if tree.bundle else None
    known = tier or next(filter(None, said), "") or (named[1] if named else "")
    return Subject(tree, configs, saved, settings, known, settings.value(ENVIRONMENT, "EnvironmentType"))


def _own(config: Config) -> Iterator[Setting]:
    return of_section(nodes.get(config.root, "option_settings"), config.file)


def _saved(config: Config) -> Iterator[Setting]:
    return of_section(nodes.get(config.root, "OptionSettings"), config.file, saved=True)
