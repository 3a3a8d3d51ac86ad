"""What the files of a bundle's .ebextensions say, as far as it can be done without CloudFormation."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from beanstalk.platform.failed import Failed

PROPERTIES = "aws:elasticbeanstalk:application:environment"
Options = Mapping[tuple[str, str], str]
Mapped = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Command:
    """One entry of `commands` or `container_commands`."""

    name: str
    command: str | list[str]
    cwd: str | None
    env: Mapping[str, str]
    test: str | None
    ignore_errors: bool
    leader_only: bool


@dataclass(frozen=True, slots=True)
class Part:
    """One file; its keys are done in the platform's order, whatever their order in the file."""

    name: str
    packages: Mapping[str, Any] = field(default_factory=dict)
    groups: Mapping[str, Any] = field(default_factory=dict)
    users: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    commands: tuple[Command, ...] = ()
    services: Mapping[str, Any] = field(default_factory=dict)
    container_commands: tuple[Command, ...] = ()
    options: Options = field(default_factory=dict)


def read(bundle: Path) -> list[Part]:
    """Every file in the order in which they count; raises Failed for one that is no YAML."""
    return [_part(path.name, _loaded(path)) for path in sorted((bundle / ".ebextensions").glob("*.config"))]


def options(parts: list[Part]) -> Options:
    """All options together: a later file wins."""
    return {key: value for part in parts for key, value in part.options.items()}


def in_order(parts: list[Part]) -> list[Command]:
    """The container commands of all files by file and name, those for the leader before all others."""
    every = [command for part in parts for command in part.container_commands]
    return sorted(every, key=lambda command: not command.leader_only)


def _loaded(path: Path) -> Mapping[str, Any]:
    import yaml

    try:
        content = yaml.safe_load(path.read_text("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise Failed(f".ebextensions/{path.name} cannot be read: {error}") from None
    if not isinstance(content, dict):
        raise Failed(f".ebextensions/{path.name} holds no keys")
    return content


def _part(name: str, content: Mapping[str, Any]) -> Part:
    def section(key: str) -> Mapping[str, Any]:
        found = content.get(key) or {}
        return found if isinstance(found, dict) else {}

    return Part(
        name,
        packages=section("packages"),
        groups=section("groups"),
        users=section("users"),
        files=section("files"),
        commands=_commands(section("commands")),
        services=section("services"),
        container_commands=_commands(section("container_commands")),
        options=dict(_options(content.get("option_settings") or {})),
    )


def _commands(found: Mapping[str, Any]) -> tuple[Command, ...]:
    return tuple(_command(str(name), found[name]) for name in sorted(found, key=str))


def _command(name: str, fields: Mapping[str, Any]) -> Command:
    words = fields["command"]
    leader_only = _flag(fields.get("leader_only"))
    return Command(
        name,
        [str(word) for word in words] if isinstance(words, list) else str(words),
        fields.get("cwd"),
        {str(key): text(value) for key, value in (fields.get("env") or {}).items()},
        # The platform takes no condition for what it runs on the leader.
        None if leader_only else fields.get("test"),
        _flag(fields.get("ignoreErrors")),
        leader_only,
    )


def _options(found: Any) -> Iterator[tuple[tuple[str, str], str]]:
    """Both forms: a table by namespace, and a list of entries of which one without a namespace is a property."""
    if isinstance(found, list):
        for entry in found:
            yield (str(entry.get("namespace", PROPERTIES)), str(entry["option_name"])), text(entry.get("value"))
        return
    for namespace, values in found.items():
        if isinstance(values, dict):
            yield from (((str(namespace), str(name)), text(value)) for name, value in values.items())
        else:
            yield (PROPERTIES, str(namespace)), text(values)


def text(value: Any) -> str:
    """A YAML value as the platform's options hold it."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _flag(value: Any) -> bool:
    return text(value) == "true"
