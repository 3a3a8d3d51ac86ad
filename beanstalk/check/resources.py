"""CloudFormation resources in configuration files, and what they refer to."""

from __future__ import annotations

import re
from collections.abc import Iterator

from yaml.nodes import Node

from beanstalk.check import nodes, tiers
from beanstalk.check.findings import Finding
from beanstalk.check.subject import Config, Subject

ATTRIBUTES = {"Type", "Properties", "DependsOn", "DeletionPolicy", "UpdatePolicy", "UpdateReplacePolicy", "Metadata"}
ATTRIBUTES |= {"CreationPolicy"}
FUNCTIONS = {"Fn::GetAtt", "Fn::Join", "Fn::GetOptionSetting", "Fn::ImportValue", "Fn::FindInMap", "Fn::Select"}
FUNCTIONS |= {"Fn::Split", "Fn::Base64", "Fn::Sub", "Fn::GetAZs"}
SECTIONS = ("Resources", "Outputs")
TYPE = re.compile(r"(AWS|Custom|[A-Z]\w+)::[\w:@.-]+")
VARIABLE = re.compile(r"\$\{([A-Za-z][\w:]*)(?:\.[\w.]+)?\}")


def check(subject: Subject) -> Iterator[Finding]:
    """Findings about resources."""
    known = {
        name
        for config in subject.configs
        for section in ("Resources", "Parameters")
        for name, _, _ in nodes.pairs(nodes.get(config.root, section))
    }
    for config in subject.configs:
        for name, key, resource in nodes.pairs(nodes.get(config.root, "Resources")):
            yield from _shape(config, name, key, resource)
        for name, at in _references(config):
            if why := tiers.lacks(subject, name):
                yield Finding(config.file, nodes.line(at), "resource-tier", why)
            elif not name.startswith(("AWSEB", "AWS::")) and name not in known:
                text = f"nothing here is named {name!r}; correct it, or define it below Resources or Parameters"
                yield Finding(config.file, nodes.line(at), "unknown-reference", text)
        yield from _functions(config)


def _shape(config: Config, name: str, key: Node, resource: Node) -> Iterator[Finding]:
    keys = {word: node for word, node, _ in nodes.pairs(resource)}
    kind = nodes.text(nodes.get(resource, "Type"))
    ours = name.startswith("AWSEB")
    if not name.isalnum():
        text = f"{name!r} is no name of a resource; use letters and digits only"
        yield Finding(config.file, nodes.line(key), "resource-shape", text)
    if not nodes.is_mapping(resource) or (not kind and not ours) or (kind and not TYPE.fullmatch(kind)):
        yield Finding(
            config.file, nodes.line(key), "resource-shape", f"{name} has no Type; give it one, such as AWS::S3::Bucket"
        )
    for word, node in keys.items():
        if word not in ATTRIBUTES:
            text = f"a resource has no {word!r}; is it a property, to be written below Properties?"
            yield Finding(config.file, nodes.line(node), "resource-shape", text)


def _references(config: Config) -> Iterator[tuple[str, Node]]:
    """Whatever the file's resources and outputs refer to, or wait for."""
    for _, _, resource in nodes.pairs(nodes.get(config.root, "Resources")):
        waits = nodes.get(resource, "DependsOn")
        awaited = nodes.items(waits) or ([waits] if waits else [])
        yield from ((nodes.text(one), one) for one in awaited if nodes.is_scalar(one))
    for section in SECTIONS:
        for node in nodes.walk(nodes.get(config.root, section)):
            yield from _named(node)


def _functions(config: Config) -> Iterator[Finding]:
    for section in SECTIONS:
        for node in nodes.walk(nodes.get(config.root, section)):
            for word, key, _ in nodes.pairs(node):
                if word.startswith("Fn::") and word not in FUNCTIONS:
                    text = f"{word} is not among the functions that a configuration file knows; do without it"
                    yield Finding(config.file, nodes.line(key), "unknown-function", text)


def _named(node: Node) -> Iterator[tuple[str, Node]]:
    """The resources that one node names, as a function in long or short form."""
    for word, _, value in nodes.pairs(node):
        if word == "Ref" and len(nodes.pairs(node)) == 1 and nodes.is_scalar(value):
            yield nodes.text(value), value
        elif word == "Fn::GetAtt":
            first = nodes.items(value)[0] if nodes.items(value) else value
            if nodes.is_scalar(first):
                yield nodes.text(first).partition(".")[0], first
        elif word == "Fn::Sub":
            yield from _placed(value)
    if node.tag in ("!Ref", "!GetAtt") and nodes.is_scalar(node):
        yield nodes.text(node).partition(".")[0], node
    if node.tag == "!Sub":
        yield from _placed(node)


def _placed(node: Node) -> Iterator[tuple[str, Node]]:
    """The names in a text that stands alone; in a list it has names of its own."""
    if nodes.is_scalar(node):
        yield from ((name, node) for name in VARIABLE.findall(nodes.text(node)))
