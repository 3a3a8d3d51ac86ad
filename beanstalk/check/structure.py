"""The shape of configuration files: their keys, and what stands below each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from yaml.nodes import MappingNode, Node

from beanstalk.check import nodes
from beanstalk.check.findings import Finding
from beanstalk.check.subject import Config, Subject

SECTIONS = {"option_settings", "packages", "sources", "files", "users", "groups", "commands", "container_commands"}
SECTIONS |= {"services", "Resources", "Parameters", "Outputs", "Mappings"}
# Belong to a template as such and change nothing.
HARMLESS = {"AWSTemplateFormatVersion", "Description", "Metadata"}
COMMAND = {"command", "env", "cwd", "test", "ignoreErrors", "waitAfterCompletion"}
FILE = {"content", "source", "mode", "owner", "group", "authentication", "context", "encoding"}
MANAGERS = ("systemd", "sysvinit", "windows")
NEEDED = {"Outputs": "Value", "Parameters": "Type"}
# Where Amazon Linux AMI looked for hooks.
OLD_HOOKS = "/opt/elasticbeanstalk/hooks/"
MODE = re.compile(r"0*[0-7]{3,6}")


def check(subject: Subject) -> Iterator[Finding]:
    """Findings in `.ebextensions`."""
    for config in subject.configs:
        yield from _file(config)
    for name in subject.tree.below(".ebextensions"):
        yield from _misplaced(subject, name)


def _file(config: Config) -> Iterator[Finding]:
    if config.problem:
        problem = config.problem
        text = f"{problem}; mend the YAML, a file that cannot be read fails the deployment"
        yield Finding(config.file, problem.line, "yaml-broken", text)
    elif config.root is not None and not nodes.is_mapping(config.root):
        text = "the file is no mapping; begin with a key such as option_settings:"
        yield Finding(config.file, 1, "config-shape", text)
    yield from repeated(config)
    for key, node, value in nodes.pairs(config.root):
        yield from _section(config, key, node, value)


def repeated(config: Config) -> Iterator[Finding]:
    """Keys that one mapping has twice."""
    for mapping in nodes.walk(config.root):
        count = Counter(key for key, _, _ in nodes.pairs(mapping))
        for key, node, _ in nodes.pairs(mapping):
            if count[key] > 1:
                count[key] -= 1
                text = f"{key!r} stands in this mapping again below, and only one of them counts; keep one"
                yield Finding(config.file, nodes.line(node), "duplicate-key", text)


def _section(config: Config, key: str, node: Node, value: Node) -> Iterator[Finding]:
    file, line = config.file, nodes.line(node)
    if key == "Conditions":
        text = "Conditions are not documented here; read Fn::GetOptionSetting of a custom option instead"
        yield Finding(file, line, "conditions", text)
    elif key not in SECTIONS | HARMLESS:
        text = f"{key!r} is no key of a configuration file, so the whole file is skipped; remove or correct it"
        yield Finding(file, line, "unknown-key", text)
    elif key == "option_settings":
        yield from _option_settings(file, value)
    elif key in SECTIONS and not nodes.is_mapping(value) and not nodes.is_null(value):
        yield Finding(file, line, "config-shape", f"{key} takes a mapping of names; indent its entries below it")
    yield from _entries(file, key, value)


def _option_settings(file: str, value: Node) -> Iterator[Finding]:
    for item in nodes.items(value):
        keys = {key for key, _, _ in nodes.pairs(item)}
        if not {"option_name", "value"} <= keys or keys - {"namespace", "option_name", "value", "resource_name"}:
            text = "an option in a list takes namespace, option_name and value; give it these"
            yield Finding(file, nodes.line(item), "config-shape", text)
    for namespace, key, options in nodes.pairs(value):
        if not nodes.is_mapping(options) and not nodes.is_null(options):
            text = f"{namespace!r} has no options below it; write NAME: VALUE there"
            yield Finding(file, nodes.line(key), "config-shape", text)
    if nodes.is_scalar(value) and not nodes.is_null(value):
        yield Finding(
            file, nodes.line(value), "config-shape", "option_settings is a text; it takes a mapping or a list"
        )


def _entries(file: str, section: str, value: Node) -> Iterator[Finding]:
    for name, key, entry in nodes.pairs(value):
        if section in ("commands", "container_commands"):
            yield from _command(file, section, name, key, entry)
        elif section == "files":
            yield from _written(file, name, key, entry)
        elif section == "packages":
            yield from _package(file, name, key)
        elif section == "services" and name not in MANAGERS:
            text = f"{name!r} manages no services here; write them below {MANAGERS[0]}"
            yield Finding(file, nodes.line(key), "config-shape", text)
        yield from _complete(file, section, name, key, entry)


def _complete(file: str, section: str, name: str, key: Node, entry: Node) -> Iterator[Finding]:
    needed = NEEDED.get(section)
    if needed and nodes.get(entry, needed) is None:
        yield Finding(file, nodes.line(key), "config-shape", f"{name} has no {needed}; give it one")


def _command(file: str, section: str, name: str, key: Node, entry: Node) -> Iterator[Finding]:
    line = nodes.line(key)
    words = {word: node for word, node, _ in nodes.pairs(entry)}
    if not isinstance(entry, MappingNode) or "command" not in words:
        yield Finding(file, line, "command-shape", f"{name} has no `command:` below it; write what is to be run there")
    allowed = COMMAND | ({"leader_only"} if section == "container_commands" else set())
    for word, node in words.items():
        if word not in allowed:
            where = "; only container_commands know a leader" if word == "leader_only" else "; remove or correct it"
            yield Finding(file, nodes.line(node), "command-shape", f"{section} do not know {word!r}{where}")
    if nodes.boolean(nodes.get(entry, "leader_only")) and "test" in words:
        text = f"{name} has leader_only, so its test is ignored; put the condition into the command"
        yield Finding(file, nodes.line(words["test"]), "leader-only-test", text)


def _written(file: str, name: str, key: Node, entry: Node) -> Iterator[Finding]:
    line = nodes.line(key)
    if not name.startswith(("/", "C:", "c:")):
        yield Finding(file, line, "file-shape", f"{name!r} is no absolute path; begin it with /")
    if name.startswith(OLD_HOOKS):
        text = "nothing there is run since Amazon Linux 2; move it to .platform/hooks"
        yield Finding(file, line, "hook-old-place", text)
    words = {word for word, _, _ in nodes.pairs(entry)}
    if len(words & {"content", "source"}) != 1 or words - FILE:
        strange = ", ".join(sorted(words - FILE))
        text = (
            f"it does not know {strange}; remove it" if strange else "it takes content or source; give it one of them"
        )
        yield Finding(file, line, "file-shape", f"the file {name}: {text}")
    mode = nodes.get(entry, "mode")
    if mode is not None and not MODE.fullmatch(nodes.text(mode)):
        text = f'the mode {nodes.text(mode)!r} is no octal number; write it like "000644"'
        yield Finding(file, nodes.line(mode), "file-shape", text)


def _package(file: str, name: str, key: Node) -> Iterator[Finding]:
    if name not in ("yum", "rubygems", "python", "rpm", "msi"):
        text = f"there is no package manager {name!r} here; use yum, rpm, python or rubygems"
        yield Finding(file, nodes.line(key), "package-manager", text)


def _misplaced(subject: Subject, name: str) -> Iterator[Finding]:
    tree = subject.tree
    if name.count("/") > 1 and name.endswith(".config"):
        text = "a configuration file in a folder below .ebextensions is not read; move it up"
        yield Finding(tree.where(name), 1, "config-folder", text)
    if name.count("/") > 1 and name.startswith(".ebextensions/nginx/"):
        text = "nginx is configured in .platform/nginx since Amazon Linux 2; move it there"
        yield Finding(tree.where(name), 1, "nginx-old-place", text)
    if name.count("/") == 1 and name.endswith((".yml", ".yaml", ".json")) and _is_config(tree.read(name)):
        text = "only names that end in .config are read; rename it"
        yield Finding(tree.where(name), 1, "config-suffix", text)


def _is_config(data: bytes) -> bool:
    try:
        return any(key in SECTIONS for key, _, _ in nodes.pairs(nodes.compose(data)))
    except nodes.Broken:
        return False
