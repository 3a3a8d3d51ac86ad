"""nginx's configuration in `.platform/nginx`: where each file is included, and so what it may hold."""

from __future__ import annotations

import re
from collections.abc import Iterator

from beanstalk.check.findings import Finding
from beanstalk.check.subject import Subject

HOME = ".platform/nginx"
SERVER = f"{HOME}/conf.d/elasticbeanstalk"
INCLUDE = "conf.d/elasticbeanstalk/*.conf"
# Blocks that a place does not allow: conf.d is within http, elasticbeanstalk within server.
ELSEWHERE = {"http": {"location", "http", "events", "if"}, "server": {"server", "http", "events", "upstream", "map"}}
Token = tuple[str, int]
TOKEN = re.compile(
    r"""#[^\n]*|"(?:\\.|[^"\\])*"?|'(?:\\.|[^'\\])*'?|[{};]|(?:\$\{[^}\s]*\}?|\\.|[^\s{};\\])+""", re.DOTALL
)


def check(subject: Subject) -> Iterator[Finding]:
    """Findings about its files."""
    tree = subject.tree
    for name in tree.below(HOME):
        file, inner = tree.where(name), name.removeprefix(f"{HOME}/")
        if inner != "nginx.conf" and not name.endswith(".conf") and inner.startswith("conf.d/"):
            yield Finding(file, 1, "nginx-suffix", "only names that end in .conf are included; rename it")
            continue
        if not name.endswith(".conf"):
            continue
        found = list(tokens("\n".join(tree.lines(name))))
        yield from (Finding(file, line, "nginx-syntax", text) for line, text in _syntax(found))
        if inner == "nginx.conf" and not any(word.endswith(INCLUDE) for word, _ in found):
            text = f"it replaces the platform's and does not include {INCLUDE}; add the include to its server block"
            yield Finding(file, 1, "nginx-include", text)
        place = "server" if name.startswith(f"{SERVER}/") else "http" if inner.count("/") == 1 else ""
        if inner.startswith("conf.d/") and place:
            yield from (Finding(file, line, "nginx-context", text) for line, text in _context(found, place))


def tokens(text: str) -> Iterator[Token]:
    """Words, `;`, `{` and `}`, with their lines; a quoted word is one, a `${name}` is part of one."""
    line, before = 1, 0
    for found in TOKEN.finditer(text):
        line += text.count("\n", before, found.start())
        before = found.start()
        if not found[0].startswith("#"):
            yield found[0], line


def _syntax(found: list[Token]) -> Iterator[tuple[int, str]]:
    open_at: list[int] = []
    before = ";"
    for word, line in found:
        if word == "{":
            open_at.append(line)
        elif word == "}":
            if before not in (";", "{", "}"):
                yield line, "the directive before this } has no semicolon; add it"
            if not open_at:
                yield line, "this } closes nothing; remove it"
                return
            open_at.pop()
        before = word
    if open_at:
        yield open_at[-1], "this { is never closed; add a }"
    elif before not in (";", "}"):
        yield found[-1][1], "the last directive has no semicolon; add it"


def _context(found: list[Token], place: str) -> Iterator[tuple[int, str]]:
    depth, begins = 0, True
    for word, line in found:
        if begins and depth == 0 and word in ELSEWHERE[place]:
            other = "conf.d/elasticbeanstalk/" if place == "http" else "conf.d/"
            yield line, f"{word} is not allowed here, within {place}; move it to {HOME}/{other}"
        depth += (word == "{") - (word == "}")
        begins = word in (";", "{", "}")
