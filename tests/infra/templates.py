"""The templates as data, and the part of them that the emulator can make."""

import json
import string
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parents[2] / "infra"

# What ministack refuses. What it lets pass without a word: whom a reader follows, the snapshot that a database is made
# from, a table's time to live, ExcludePunctuation, and the groups of a cache. All is asserted in test_templates.py.
NOT_EMULATED = frozenset(
    {
        "AWS::Backup::BackupSelection",
        "AWS::EC2::CapacityReservation",
        "AWS::EC2::EIP",
        "AWS::EC2::NatGateway",
        "AWS::EC2::SecurityGroupEgress",
        "AWS::ImageBuilder::Component",
        "AWS::ImageBuilder::Image",
        "AWS::ImageBuilder::ImageRecipe",
        "AWS::ImageBuilder::InfrastructureConfiguration",
        "AWS::Route53::HealthCheck",
    }
)
# An alarm over a query instead of one metric is refused too.
QUERIES = "Metrics"


@cache
def read(name: str) -> dict[str, Any]:
    """A template in its long form, as JSON would have it."""
    template: dict[str, Any] = yaml.load((FOLDER / f"{name}.yaml").read_text(), _Loader)  # noqa: S506 - a SafeLoader.
    return template


def names() -> list[str]:
    """Every template."""
    return sorted(file.stem for file in FOLDER.glob("*.yaml"))


def write_emulated(folder: Path) -> None:
    """Write every template without what the emulator refuses, and without what refers to that."""
    for name in names():
        (folder / f"{name}.yaml").write_text(json.dumps(emulated(read(name))))


def emulated(template: dict[str, Any]) -> dict[str, Any]:
    """The template without the resources that the emulator refuses, nor whatever refers to one of them."""
    resources, outputs = dict(template["Resources"]), dict(template["Outputs"])
    gone = {name for name, resource in resources.items() if _is_refused(resource)}
    while gone:
        for name in gone:
            resources.pop(name, None)
        outputs = {name: output for name, output in outputs.items() if not referred(output) & gone}
        gone = {name for name, resource in resources.items() if referred(resource) & gone}
    return {**template, "Resources": _without_punctuation(resources), "Outputs": outputs}


def _is_refused(resource: dict[str, Any]) -> bool:
    return resource["Type"] in NOT_EMULATED or QUERIES in resource.get("Properties", {})


def _without_punctuation(resources: dict[str, Any]) -> dict[str, Any]:
    """The emulator knows characters to leave out, but not that punctuation is some."""
    text = json.dumps(resources).replace(
        '"ExcludePunctuation": true', f'"ExcludeCharacters": {json.dumps(string.punctuation)}'
    )
    changed: dict[str, Any] = json.loads(text)
    return changed


def referred(node: Any) -> set[str]:
    """The names that a part of a template refers to by Ref and GetAtt."""
    if isinstance(node, list):
        return set().union(*map(referred, node))
    if not isinstance(node, dict):
        return set()
    own = {node["Ref"]} if isinstance(node.get("Ref"), str) else set()
    if "Fn::GetAtt" in node:
        own.add(node["Fn::GetAtt"][0])
    return own.union(*map(referred, node.values()))


class _Loader(yaml.SafeLoader):
    """Turns `!Sub` and the like into `Fn::Sub`."""


def _long(loader: Any, tag: str, node: yaml.Node) -> dict[str, Any]:
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    if tag == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {tag if tag in ("Ref", "Condition") else f"Fn::{tag}": value}


_Loader.add_multi_constructor("!", _long)
