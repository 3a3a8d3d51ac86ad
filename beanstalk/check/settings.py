"""Option settings, from configuration files and from saved configurations, each with its line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from yaml.nodes import Node

from beanstalk.check import nodes

VARIABLES = "aws:elasticbeanstalk:application:environment"
SECRETS = "aws:elasticbeanstalk:application:environmentsecrets"
# A saved configuration may name the resource before the namespace.
RESOURCE = re.compile(r"^[^:.]+\.(?=aws:)")


@dataclass(frozen=True, slots=True)
class Setting:
    """One option; `node` is its value."""

    namespace: str
    option: str
    node: Node | None
    file: str
    line: int
    resource: str = ""
    saved: bool = False

    @property
    def value(self) -> str:
        """The value as Beanstalk takes it: a YAML boolean becomes `true` or `false`."""
        if self.node is not None and self.node.tag == "tag:yaml.org,2002:bool":
            return "true" if nodes.boolean(self.node) else "false"
        return nodes.text(self.node)

    @property
    def is_function(self) -> bool:
        """Whether CloudFormation makes the value."""
        return self.value.strip().startswith("`")


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of an environment, later ones winning."""

    all: tuple[Setting, ...]

    def find(self, namespace: str, option: str) -> Setting | None:
        found = [one for one in self.all if (one.namespace, one.option) == (namespace, option)]
        return found[-1] if found else None

    def value(self, namespace: str, option: str, default: str = "") -> str:
        found = self.find(namespace, option)
        return found.value.strip() if found else default

    def number(self, namespace: str, option: str, default: int) -> int | None:
        """None if it is set to what is no number."""
        value = self.value(namespace, option, str(default))
        return int(value) if re.fullmatch(r"-?[0-9]{1,12}", value) else None

    def below(self, beginning: str) -> list[Setting]:
        """Those whose namespace begins so."""
        return [one for one in self.all if one.namespace.startswith(beginning)]


def of_section(section: Node | None, file: str, *, saved: bool = False) -> Iterator[Setting]:
    """The settings of `option_settings`, written as a list or as a mapping, or of `OptionSettings`."""
    for item in nodes.items(section):
        namespace, option = (nodes.text(nodes.get(item, key)) for key in ("namespace", "option_name"))
        value, resource = nodes.get(item, "value"), nodes.text(nodes.get(item, "resource_name"))
        if option:
            yield Setting(namespace or VARIABLES, option, value, file, nodes.line(value or item), resource)
    for namespace, _, options in nodes.pairs(section):
        for option, key, value in nodes.pairs(options):
            name, resource = (
                RESOURCE.sub("", namespace),
                namespace.partition(".aws:")[0] if ".aws:" in namespace else "",
            )
            yield Setting(name, option, value, file, nodes.line(key), resource, saved)


def joined(parts: Iterable[Iterable[Setting]]) -> Settings:
    return Settings(tuple(setting for part in parts for setting in part))
