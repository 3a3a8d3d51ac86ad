"""Makes the table of Beanstalk's options from the text of the developer guide's pages of options.

`python -m tools.options PAGE...` reads the pages in Markdown, such as `command-options-general.md` and
`command-options-specific.md`, and rewrites beanstalk/check/options.json. A later page wins over an earlier one. Only
facts are taken: namespaces, names of options, defaults and what an option may be.
"""

import json
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

TABLE = Path(__file__).resolve().parents[1] / "beanstalk" / "check" / "options.json"
NAMESPACE = re.compile(r"Namespace: `([^`]+)`")
RANGE = re.compile(r"`?(-?\d+(?:\.\d+)?)`? to `?(-?\d+(?:\.\d+)?)`?")
LITERAL = re.compile(r"`([^`]*)`")
CELL = re.compile(r"(?<!\\)\|")
# What a name stands for that is part of a namespace, such as a listener's port.
VARIABLE = re.compile(r"\{\{[^}]+\}\}|\b(?:process|policy|rule)_name\b|\blistener_port\b")
# Options whose values the guide shows by example, or which depend on others.
OPEN = {"Custom Availability Zones", "Application Healthcheck URL", "MimeType", "ServiceRoleForManagedUpdates"}
OPEN |= {"DBEngine", "DBInstanceClass", "DBAllocatedStorage", "BlockDeviceMappings", "InstanceTypes", "SpotMaxPrice"}
OPEN |= {"Target Runtime", "InstanceProtocol", "document_root", "LoadBalancerPorts", "InstancePorts"}
OPEN |= {"HostHeaders", "PathPatterns", "SpotFleetOnDemandBase", "SharedLoadBalancer", "DirectoryId"}
OPEN |= {"DirectoryName", "DirectoryOU"}
LISTS = {"MatcherHTTPCode", "SupportedArchitectures"}
# Named by other pages of the guide: options of one's own, and what a saved configuration of Beanstalk's holds.
ANYTHING = ("aws:elasticbeanstalk:customoption", "aws:cloudformation:template:parameter")
# What an environment must be or have for a namespace to mean anything, by the beginning of its name.
NEEDS = {
    "aws:elasticbeanstalk:sqsd": "worker",
    "aws:elbv2:": "balancer",
    "aws:elb:": "balancer",
    "aws:elasticbeanstalk:environment:process:": "balancer",
    "aws:elasticbeanstalk:trafficsplitting": "balancer",
}
Facts = dict[str, Any]


def main(pages: Sequence[str]) -> None:
    """Write the table."""
    table: dict[str, dict[str, Facts]] = {name: {"*": {}} for name in ANYTHING}
    for page in pages:
        for namespace, options in namespaces(Path(page).read_text("utf-8")):
            for name, told in options:
                merge(table.setdefault(namespace, {}), name, told)
    ordered = {name: described(name, options) for name, options in sorted(table.items())}
    TABLE.write_text(json.dumps(ordered, indent=1, ensure_ascii=False) + "\n", "utf-8")
    print(f"{len(table)} namespaces, {sum(map(len, table.values()))} options")


def namespaces(text: str) -> Iterator[tuple[str, Iterator[tuple[str, Facts]]]]:
    """Each table of a page with its rows; a part of a name that stands for any is `*`."""
    for part in re.split(r"\n(?=[#* ]*Namespace: `)", text):
        found = NAMESPACE.search(part)
        if found:
            yield VARIABLE.sub("*", found[1].replace("\\", "")), rows(part.split("\n## ")[0])


def rows(table: str) -> Iterator[tuple[str, Facts]]:
    for line in table.splitlines():
        cells = [cell.strip() for cell in CELL.split(line)[1:-1]]
        if len(cells) < 2 or cells[0].strip("*") == "Name" or set(cells[0]) <= set("- "):
            continue
        name = cells[0].replace("\\", "").strip("` ")
        if len(cells) == 2 or " name." in name or name in ("OptionName", "Value") or name[0] in "{*":
            yield "*", {}
        else:
            retired = {"retired": True} if name.startswith("(deprecated)") else {}
            name = name.removeprefix("(deprecated)").strip()
            yield name, retired | facts(name, cells[2], cells[3])


def facts(name: str, default: str, valid: str) -> Facts:
    """What a row says of the option: its default if that is one word, and its range or its choices."""
    told: Facts = {}
    words = LITERAL.findall(default)
    if len(words) == 1 or default.isdigit():
        told["default"] = (words[0] if words else default).strip("'")
    if str(told.get("default", "")).startswith("PT") or "`PT" in valid:
        return told | {"duration": True}
    return told if name in OPEN else told | allowed(valid) | ({"list": True} if name in LISTS else {})


def allowed(valid: str) -> Facts:
    edges = [float(edge) for pair in RANGE.findall(valid) for edge in pair]
    if edges:
        return {"range": [int(edge) if edge.is_integer() else edge for edge in (min(edges), max(edges))]}
    words = [word.strip("' ") for word in LITERAL.findall(valid)]
    if not words and re.fullmatch(r"\w+(?:,? \w+)+", valid) and len(valid) < 100:
        words = re.split(r",? ", valid)
    return {"values": list(dict.fromkeys(words))} if words and not any("{{" in word for word in words) else {}


def merge(options: dict[str, Facts], name: str, told: Facts) -> None:
    """Platforms share some options, and each takes values of its own."""
    known = options.get(name, {})
    if "values" in known and "values" in told:
        told = told | {"values": list(dict.fromkeys(known["values"] + told["values"]))}
    options[name] = told


def described(namespace: str, options: dict[str, Facts]) -> Facts:
    needs = [need for beginning, need in NEEDS.items() if namespace.startswith(beginning)]
    retired = namespace.startswith("aws:elasticbeanstalk:container:") and namespace.endswith(":staticfiles")
    retired |= namespace == "aws:elasticbeanstalk:container:nodejs"
    return {"options": options} | ({"needs": needs[0]} if needs else {}) | ({"retired": True} if retired else {})


if __name__ == "__main__":
    main(sys.argv[1:])
