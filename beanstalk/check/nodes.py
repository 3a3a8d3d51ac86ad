"""YAML and JSON as nodes, because only nodes know their line. Tags such as CloudFormation's `!Ref` are left alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import accumulate
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

LARGEST = 1_000_000
DEEPEST = 200


class Broken(Exception):
    """A text is neither YAML nor JSON."""

    def __init__(self, line: int, text: str) -> None:
        super().__init__(text)
        self.line = line


def compose(data: bytes) -> Node | None:
    """The root node, None for an empty document; raises Broken."""
    try:
        text = data[:LARGEST].decode("utf-8-sig")
        if _depth(text) > DEEPEST:
            raise Broken(1, "nested too deeply")
        return yaml.compose(_spaced(text), Loader=yaml.SafeLoader)
    except UnicodeDecodeError as error:
        raise Broken(data.count(b"\n", 0, error.start) + 1, "not UTF-8") from error
    except yaml.MarkedYAMLError as error:
        # What is never closed is noticed at the end only.
        at_end = error.problem_mark and error.problem_mark.line >= data.count(b"\n")
        mark = error.context_mark if at_end and error.context_mark else error.problem_mark
        raise Broken(mark.line + 1 if mark else 1, error.problem or "no YAML") from error
    except yaml.reader.ReaderError as error:
        raise Broken(1, "it holds a character that YAML does not allow") from error
    except (RecursionError, ValueError, yaml.YAMLError) as error:
        raise Broken(1, "nested too deeply, or no YAML") from error


def _depth(text: str) -> int:
    """How many brackets are open at once, or more; the parser would need seconds for thousands."""
    steps = (1 if sign in "[{" else -1 for sign in text if sign in "[]{}")
    return max(accumulate(steps), default=0)


def _spaced(text: str) -> str:
    """JSON may be indented by tabs, YAML may not; inside its strings JSON has none."""
    if text.lstrip()[:1] in ("{", "[") and "\t" in text:
        try:
            json.loads(text)
        except ValueError:
            return text
        return text.replace("\t", " ")
    return text


def line(node: Node | None) -> int:
    """Where it begins, from 1."""
    return 1 if node is None else int(node.start_mark.line) + 1


def pairs(node: Node | None) -> list[tuple[str, Node, Node]]:
    """Key, key's node and value of a mapping; nothing for what is no mapping."""
    if not isinstance(node, MappingNode):
        return []
    return [(text(key), key, value) for key, value in node.value if text(key) != "<<"]


def get(node: Node | None, name: str) -> Node | None:
    """The value of a key, the last one if there are several."""
    found = [value for key, _, value in pairs(node) if key == name]
    return found[-1] if found else None


def items(node: Node | None) -> list[Node]:
    """The elements of a list; nothing for what is no list."""
    return list(node.value) if isinstance(node, SequenceNode) else []


def text(node: Node | None) -> str:
    """The text of a scalar, as it is written; empty for anything else."""
    return str(node.value) if isinstance(node, ScalarNode) else ""


def is_null(node: Node | None) -> bool:
    return node is None or (isinstance(node, ScalarNode) and node.tag == "tag:yaml.org,2002:null")


def is_mapping(node: Node | None) -> bool:
    return isinstance(node, MappingNode)


def is_scalar(node: Node | None) -> bool:
    return isinstance(node, ScalarNode)


def boolean(node: Node | None) -> bool | None:
    """The truth of a YAML boolean or its words; None for anything else."""
    words: dict[str, Any] = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
    answer: bool | None = words.get(text(node).lower())
    return answer


def walk(root: Node | None) -> Iterator[Node]:
    """Every node once, however often it is referred to, even by itself."""
    seen: set[int] = set()
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node is None or id(node) in seen:
            continue
        seen.add(id(node))
        yield node
        waiting += items(node)
        waiting += [part for _, key, value in pairs(node) for part in (key, value)]
