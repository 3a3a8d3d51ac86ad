"""How a bundle is packed."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from beanstalk.check.findings import Finding
from beanstalk.check.subject import Subject
from beanstalk.check.trees import Tree

LARGEST_BUNDLE = 500 * 1024 * 1024


def check(subject: Subject) -> Iterator[Finding]:
    """Findings about the files as such."""
    tree = subject.tree
    if tree.bundle:
        yield from _packed(tree)
    # A folder of several sources, each with its own, is deployed from below.
    is_root = tree.bundle or bool(subject.configs) or "Procfile" in tree.files
    for name, entry in tree.files.items():
        if entry.link is not None:
            yield from _link(tree, name, entry.link)
        elif is_root and "/.ebextensions/" in name and name.endswith(".config"):
            text = "every .ebextensions folder is read, wherever it lies; leave this one out of the bundle"
            yield Finding(tree.where(name), 1, "nested-ebextensions", text)


def _packed(tree: Tree) -> Iterator[Finding]:
    if tree.size > LARGEST_BUNDLE:
        text = f"the bundle has {tree.size >> 20} MB, at most 500 are taken; leave out what the app does not need"
        yield Finding(tree.label, 1, "bundle-size", text)
    if not tree.files:
        yield Finding(tree.label, 1, "bundle-folder", "there is no file in it; zip the app's files")
    tops = {name.partition("/")[0] for name in tree.files}
    if len(tops) == 1 and all("/" in name for name in tree.files) and not tops & {".ebextensions", ".platform"}:
        text = f"everything lies in the folder {min(tops)!r}; zip what is inside it, not the folder itself"
        yield Finding(tree.label, 1, "bundle-folder", text)
    for name in tree.files:
        if name.startswith("/") or "\\" in name or ".." in name.split("/"):
            text = "the name is absolute, leads upwards or has backslashes; zip with relative names and slashes"
            yield Finding(f"{tree.label}/{name}", 1, "unsafe-name", text)


def _link(tree: Tree, name: str, target: str) -> Iterator[Finding]:
    leads = posixpath.normpath(posixpath.join(posixpath.dirname(name), target))
    inside = leads in tree.files or any(other.startswith(f"{leads}/") for other in tree.files)
    if target.startswith("/") or not inside:
        text = f"the link leads to {target!r}, which is not in the bundle; put a copy of it there"
        yield Finding(tree.where(name), 1, "dangling-link", text)
