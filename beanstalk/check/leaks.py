"""Secrets that whoever can read the bundle could read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from beanstalk.check import nodes
from beanstalk.check.findings import Finding
from beanstalk.check.settings import VARIABLES
from beanstalk.check.subject import Subject
from beanstalk.check.trees import Tree

SECRET_FILE = re.compile(r"(^|/)(id_(rsa|dsa|ecdsa|ed25519)|\.netrc|\.pgpass|\.aws/credentials)$")
VARIABLES_FILE = re.compile(r"(^|/)\.env(\.(local|production|prod|staging))?$")
# A name that tells a secret with a value, or an address with a password.
ASSIGNED = re.compile(
    rb"^[ \t]*(?:export +)?(?:\w*(?:SECRET|PASSW|TOKEN|KEY|CREDENTIAL)\w*[ \t]*=[ \t]*[\"']?[^\s\"']"
    rb"|\w+=\S*://[^/\s:]*:[^/\s@]+@)",
    re.MULTILINE,
)
KEY_FILES = (".pem", ".key", ".p12", ".pfx", ".ppk", ".config", ".sh")
PRIVATE_KEY = re.compile(rb"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\s+[A-Za-z0-9+/=]{40}")
ACCESS_KEY = re.compile(rb"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b")
NAME = re.compile(r"(?:^|_)(?:SECRET|PASSWORD|PASSWD|TOKEN|API_?KEY|SECRET_KEY|PRIVATE_KEY)(?:_BASE)?$", re.IGNORECASE)
# An address with a password in it, unless something is to take its place.
PASSWORD = re.compile(r"\w+://[^/\s:@]*:[^/\s@${}<>]+@")
TEXTS = (".config", ".sh", ".yml", ".yaml", ".py", ".js", ".rb", ".php", ".json", ".conf", ".ini", ".cfg", ".toml")
REMEDY = "whoever can read the bundle can read this; leave it out, and keep secrets in Secrets Manager"


def check(subject: Subject) -> Iterator[Finding]:
    """Findings in files and in options."""
    for name in subject.tree.files:
        yield from _file(subject.tree, name)
    yield from _options(subject)


def _file(tree: Tree, name: str) -> Iterator[Finding]:
    file = tree.where(name)
    if SECRET_FILE.search(name):
        yield Finding(file, 1, "secret-file", REMEDY)
        return
    kinds = {"secret-file": ASSIGNED} if VARIABLES_FILE.search(name) else {}
    kinds |= {"secret-file": PRIVATE_KEY} if name.endswith(KEY_FILES) else {}
    kinds |= {"secret-key": ACCESS_KEY} if name.endswith(TEXTS) or VARIABLES_FILE.search(name) else {}
    data = tree.read(name) if kinds else b""
    for rule, pattern in kinds.items():
        found = next((one for one in pattern.finditer(data) if b"EXAMPLE" not in one[0]), None)
        if found:
            yield Finding(file, data.count(b"\n", 0, found.start()) + 1, rule, REMEDY)


def _options(subject: Subject) -> Iterator[Finding]:
    for setting in subject.settings.all:
        if not setting.value.strip() or setting.is_function or not nodes.is_scalar(setting.node):
            continue
        password = (setting.namespace, setting.option) == ("aws:rds:dbinstance", "DBPassword")
        told = NAME.search(setting.option) or PASSWORD.search(setting.value)
        if password or (setting.namespace == VARIABLES and told):
            text = f"{setting.option} stands here in the open; move it to application:environmentsecrets"
            yield Finding(setting.file, setting.line, "secret-variable", text)
