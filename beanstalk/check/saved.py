"""Saved configurations, env.yaml, and the eb CLI's own configuration."""

from __future__ import annotations

import re
from collections.abc import Iterator

from yaml.nodes import Node

from beanstalk.check import nodes, structure
from beanstalk.check.findings import Finding
from beanstalk.check.subject import Config, Subject, read

KEYS = {"AWSConfigurationTemplateVersion", "EnvironmentConfigurationMetadata", "EnvironmentTier", "OptionSettings"}
KEYS |= {"Platform", "SolutionStack", "SolutionStackName", "Tags", "CName", "EnvironmentName", "EnvironmentLinks"}
KEYS |= {"DateUpdated", "Description", "Extensions"}
TIERS = {("WebServer", "Standard"), ("WebServer", ""), ("Worker", "SQS/HTTP"), ("Worker", "")}
ENVIRONMENT_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{2,38}[A-Za-z0-9])")
GROUP_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,21}\+")
CNAME = re.compile(r"[A-Za-z0-9-]{4,63}")
VERSION = re.compile(r" v\d+\.\d+\.\d+ ?|/\d+\.\d+\.\d+$")
RETIRED = re.compile(r"Amazon Linux(?: 20\d\d\.\d\d| 2(?!\d)|(?! 2))", re.IGNORECASE)
PLATFORMS = ("default_platform", "default_solution_stack", "PlatformArn", "SolutionStack", "SolutionStackName")
APPLICATION = 100


def check(subject: Subject) -> Iterator[Finding]:
    """Findings in each of these files."""
    for config in subject.saved:
        yield from configuration(config)
    for name in (".elasticbeanstalk/config.yml", ".elasticbeanstalk/config.global.yml"):
        if name in subject.tree.files:
            config = read(subject.tree.where(name), subject.tree.read(name))
            yield from _broken(config)
            yield from _platforms(config, settled=False)
            yield from _names(config)


def configuration(config: Config) -> Iterator[Finding]:
    """A saved configuration or env.yaml."""
    yield from _broken(config)
    if config.problem:
        return
    if not nodes.is_mapping(nodes.get(config.root, "OptionSettings")) and not config.file.endswith("env.yaml"):
        text = "there is no mapping OptionSettings; write namespaces and options below it"
        yield Finding(config.file, nodes.line(config.root), "saved-shape", text)
    version = nodes.text(nodes.get(config.root, "AWSConfigurationTemplateVersion"))
    if version not in ("1.1.0.0", "1.1.0"):
        text = "AWSConfigurationTemplateVersion is not 1.1.0.0; write it"
        line = nodes.line(nodes.get(config.root, "AWSConfigurationTemplateVersion"))
        yield Finding(config.file, line, "saved-shape", text)
    yield from structure.repeated(config)
    for key, node, value in nodes.pairs(config.root):
        yield from _key(config, key, node, value)
    yield from _platforms(config, settled=True)


def _broken(config: Config) -> Iterator[Finding]:
    if config.problem:
        yield Finding(config.file, config.problem.line, "yaml-broken", f"{config.problem}; mend the YAML")


def _key(config: Config, key: str, node: Node, value: Node) -> Iterator[Finding]:
    file, line, text = config.file, nodes.line(node), nodes.text(value)
    if key not in KEYS:
        yield Finding(file, line, "saved-shape", f"a saved configuration has no key {key!r}; remove or correct it")
    elif key == "EnvironmentTier":
        tier = (nodes.text(nodes.get(value, "Name")), nodes.text(nodes.get(value, "Type")))
        if tier not in TIERS:
            wanted = "Name: WebServer, Type: Standard, or Name: Worker, Type: SQS/HTTP"
            yield Finding(file, line, "saved-tier", f"there is no tier {' '.join(tier)!r}; write {wanted}")
    elif key == "EnvironmentName":
        yield from _environment(file, line, text)
    elif key == "CName" and not CNAME.fullmatch(text.removesuffix("+")):
        yield Finding(file, line, "name-length", f"the prefix {text!r} of the address takes 4 to 63 letters; change it")


def _environment(file: str, line: int, name: str) -> Iterator[Finding]:
    if name.endswith("+"):
        if not GROUP_NAME.fullmatch(name):
            text = f"{name!r} with its group must not exceed 23 letters, digits and hyphens; shorten it"
            yield Finding(file, line, "name-length", text)
    elif not ENVIRONMENT_NAME.fullmatch(name):
        text = f"{name!r} is no name of an environment; take 4 to 40 letters, digits and inner hyphens"
        yield Finding(file, line, "name-length", text)


def _platforms(config: Config, *, settled: bool) -> Iterator[Finding]:
    for mapping in nodes.walk(config.root):
        for key, node, value in nodes.pairs(mapping):
            text = nodes.text(value)
            if key not in PLATFORMS or not text:
                continue
            line = nodes.line(node)
            if VERSION.search(text):
                told = f"{text!r} names a version, which ages within weeks; name the branch alone"
                yield Finding(config.file, line, "platform-version", told)
            if RETIRED.search(text):
                told = f"{text!r} is of a retired generation; take a branch of Amazon Linux 2023"
                yield Finding(config.file, line, "platform-retired", told)


def _names(config: Config) -> Iterator[Finding]:
    application = nodes.get(nodes.get(config.root, "global"), "application_name")
    if len(nodes.text(application)) > APPLICATION:
        text = f"the application's name has more than {APPLICATION} letters; shorten it"
        yield Finding(config.file, nodes.line(application), "name-length", text)
    for _, _, branch in nodes.pairs(nodes.get(config.root, "branch-defaults")):
        name = nodes.get(branch, "environment")
        if nodes.text(name) and not nodes.is_null(name):
            yield from _environment(config.file, nodes.line(name), nodes.text(name))
