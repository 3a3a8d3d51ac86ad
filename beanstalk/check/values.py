"""Namespaces, options and values, held against the table made from the developer guide."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from beanstalk.check import nodes
from beanstalk.check.findings import Finding
from beanstalk.check.settings import SECRETS, VARIABLES, Setting
from beanstalk.check.subject import SQSD, Subject

Facts = dict[str, Any]
DURATION = re.compile(r"PT(?=[0-9])(?:\d+H)?(?:\d+M)?(?:\d+S)?")
NUMBER = re.compile(r"-?\d{1,18}(\.\d{1,18})?")
NAME = re.compile(r"[A-Za-z0-9_.:/+\\@-]+")
ARN = re.compile(
    r"arn:aws[\w-]*:(?:secretsmanager:[\w-]+:\d{12}:secret:[^:]+(?::[^:]+)?|ssm:[\w-]+:\d{12}:parameter/[\w./-]+)"
)
# What some options take beside numbers and words.
KINDS = {
    (SQSD, "HttpPath"): (re.compile(r"/\S*"), "a path such as /jobs"),
    (SQSD, "WorkerQueueURL"): (re.compile(r"https?://\S+"), "the URL of a queue"),
    ("aws:elasticbeanstalk:managedactions", "PreferredStartTime"): (
        re.compile(r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun):\d{1,2}:\d{2}", re.IGNORECASE),
        "a day and a time such as Tue:09:00",
    ),
    ("aws:autoscaling:launchconfiguration", "SSHSourceRestriction"): (
        re.compile(r"\w+\s*,\s*\d+\s*,\s*\d+\s*,\s*\S+"),
        "a protocol, two ports and who may come, such as tcp, 22, 22, 10.0.0.0/8",
    ),
}
# A mode of clusters of its own, which reads no configuration files.
ELSEWHERE = "aws:elasticbeanstalk:eks:"


@cache
def table() -> dict[str, Facts]:
    """Namespaces, what each needs, and its options."""
    text = Path(__file__).with_name("options.json").read_text("utf-8")
    known: dict[str, Facts] = json.loads(text)
    return known


def about(namespace: str) -> Facts | None:
    """What is known of a namespace, directly or by a `*` in the place of its last part."""
    beginning, _, last = namespace.rpartition(":")
    if beginning == "aws:elbv2:listener" and not (last == "default" or last.isdigit()):
        return None
    if beginning == "aws:elb:listener" and not last.isdigit():
        return None
    return table().get(namespace) or (table().get(f"{beginning}:*") if last else None)


def check(subject: Subject) -> Iterator[Finding]:
    """Findings about each setting by itself."""
    for setting in subject.settings.all:
        if not setting.namespace.startswith(ELSEWHERE):
            yield from (Finding(setting.file, setting.line, rule, text) for rule, text in _setting(setting))


def _setting(setting: Setting) -> Iterator[tuple[str, str]]:
    known = about(setting.namespace)
    if known is None:
        near = _like(setting.namespace, table())
        yield "unknown-namespace", f"there is no namespace {setting.namespace!r}; {near or 'look it up in the guide'}"
        return
    facts = known["options"].get(setting.option, known["options"].get("*"))
    if facts is None:
        near = _like(setting.option, known["options"]) or "look it up in the guide"
        yield "unknown-option", f"{setting.namespace} has no option {setting.option!r}; {near}"
        return
    if known.get("retired") or facts.get("retired"):
        yield "option-retired", f"{setting.namespace} {setting.option} is of platforms that are gone; remove it"
    yield from _valued(setting, facts)


def _valued(setting: Setting, facts: Facts) -> Iterator[tuple[str, str]]:
    if setting.node is None:
        return  # In a list an option without its value is of the wrong shape altogether.
    if not nodes.is_scalar(setting.node):
        text = f'{setting.option} takes a text; write a function as \'`{{"Ref": "Name"}}`\', a list with commas'
        yield "function-form", text
    elif setting.node.tag.startswith("!"):
        yield "function-form", f'{setting.option}: {setting.node.tag} is not read here; write \'`{{"Ref": "Name"}}`\''
    elif setting.is_function:
        yield from _function(setting)
    elif nodes.is_null(setting.node):
        # A saved configuration lists what is not set, too.
        if not setting.saved:
            yield "value-missing", f"{setting.option} has no value; give it one or remove the line"
    elif setting.value.strip():
        yield from _special(setting)
        yield from _kind(setting)
        yield from _allowed(setting, setting.value.strip(), facts)


def _function(setting: Setting) -> Iterator[tuple[str, str]]:
    if not _is_json(setting.value.strip().strip("`")):
        yield "function-form", f"{setting.option}: between the back-ticks stands no JSON; mend it"


def _special(setting: Setting) -> Iterator[tuple[str, str]]:
    if setting.namespace == SECRETS and not ARN.fullmatch(setting.value):
        text = f"{setting.option} is no ARN of a secret or parameter; give arn:aws:secretsmanager:...:secret:NAME"
        yield "secret-arn", text
    if setting.namespace in (VARIABLES, SECRETS) and not NAME.fullmatch(setting.option):
        yield "variable-name", f"{setting.option!r} is no name of a variable; use letters, digits and _"
    if setting.option == "WSGIPath" and setting.value.endswith(".py"):
        module = setting.value.removesuffix(".py").replace("/", ".")
        yield "wsgi-path", f"WSGIPath names a file, which answers 502; write {module}:application"


def _kind(setting: Setting) -> Iterator[tuple[str, str]]:
    pattern, wanted = KINDS.get((setting.namespace, setting.option), (None, ""))
    if pattern and not pattern.fullmatch(setting.value.strip()):
        yield "value-kind", f"{setting.option} is {setting.value!r}; it takes {wanted}"
    if setting.option == "ConfigDocument" and not _is_json(setting.value):
        yield "value-kind", f"{setting.option} is no JSON; it takes one object of it"


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _allowed(setting: Setting, value: str, facts: Facts) -> Iterator[tuple[str, str]]:
    parts = [part.strip() for part in value.split(",")] if facts.get("list") else [value]
    for part in parts:
        if "range" in facts:
            yield from _ranged(setting, part, facts)
        elif "values" in facts and part.lower() not in (word.lower() for word in facts["values"]):
            allowed = ", ".join(facts["values"])
            yield "value-choice", f"{setting.option} is {part!r}; it takes {allowed}"
        elif facts.get("duration") and not DURATION.fullmatch(part):
            yield "value-kind", f"{setting.option} is {part!r}; it takes a duration such as PT5M"


def _ranged(setting: Setting, part: str, facts: Facts) -> Iterator[tuple[str, str]]:
    low, high = facts["range"]
    edges = part.split("-") if facts.get("list") else [part]
    for edge in edges:
        if not NUMBER.fullmatch(edge):
            yield "value-kind", f"{setting.option} is {edge!r}; it takes a number from {low} to {high}"
        elif not low <= float(edge) <= high:
            yield "value-range", f"{setting.option} is {edge}; it takes {low} to {high}"


def _like(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, list(known), 1, 0.8)
    return f"is {near[0]!r} meant?" if near else ""
