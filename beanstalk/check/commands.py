"""`python -m beanstalk check`: what is to be checked, all checks in turn, and what they found."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from beanstalk.bundle import ROOT
from beanstalk.check import (
    combinations,
    cron,
    hooks,
    layout,
    leaks,
    listeners,
    nginx,
    nodes,
    procfile,
    requirements,
    resources,
    saved,
    starting,
    structure,
    tiers,
    timeouts,
    trees,
    values,
)
from beanstalk.check.findings import Finding, Rule, rules
from beanstalk.check.subject import NAMED_FOR, TIERS, Config, Subject, build, read
from beanstalk.check.trees import Tree, Unreadable

CHECKS = (
    structure,
    values,
    tiers,
    combinations,
    listeners,
    resources,
    timeouts,
    procfile,
    requirements,
    cron,
    hooks,
    nginx,
    layout,
    leaks,
    saved,
)
BUNDLES = (".zip", ".war")
PARTS = (".ebextensions", ".platform")
SAVED_HERE = ".elasticbeanstalk/saved_configs"


def main(argv: Sequence[str]) -> int:
    """Print what is wrong; answers 1 if an error is among it, 2 for what cannot be checked."""
    try:
        asked = _parser().parse_args(argv)
    except SystemExit as wrong:
        return int(wrong.code or 0)
    if asked.rules:
        print("".join(f"{rule.name} ({rule.severity}): {rule.sentence} {rule.source}\n" for rule in _by_name()), end="")
        return 0
    paths = [Path(path) for path in asked.paths] or usual(Path())
    missing = [path for path in paths if not path.exists()]
    if missing:
        print(f"there is no {missing[0]}", file=sys.stderr)
        return 2
    if any(path.resolve() == ROOT for path in paths):
        print("bundles are made of this folder, and it is none itself: make bundle comes first", file=sys.stderr)
        return 2
    return _told(subjects(paths, asked.tier or ""), dict(asked.env), start=asked.start)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m beanstalk check", description=__doc__)
    parser.add_argument("paths", nargs="*", metavar="PATH", help="bundle, folder, *.config, *.cfg.yml or env.yaml")
    parser.add_argument("--tier", choices=("web", "worker"), help="what the files are for, where they do not say it")
    parser.add_argument("--start", action="store_true", help="start each app, here, and ask it its health path")
    parser.add_argument("--env", action="append", type=_pair, default=[], metavar="NAME=VALUE", help="for --start")
    parser.add_argument("--rules", action="store_true", help="list all rules")
    return parser


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise argparse.ArgumentTypeError("write NAME=VALUE")
    return name, value


def _by_name() -> list[Rule]:
    return sorted(rules().values(), key=lambda rule: rule.name)


def _told(checked: Iterable[Subject | Finding], environ: dict[str, str], *, start: bool) -> int:
    found: set[Finding] = set()
    count = 0
    for subject in checked:
        count += 1
        found |= {subject} if isinstance(subject, Finding) else set(findings(subject))
        if start and isinstance(subject, Subject):
            found |= set(starting.check(subject, environ))
    for finding in sorted(found):
        print(finding)
    errors = sum(finding.is_error for finding in found)
    print(f"{count} checked: {errors} errors, {len(found) - errors} warnings", file=sys.stderr)
    return 1 if errors else 0


def usual(here: Path) -> list[Path]:
    """The bundles and saved configurations that were made, or else the folder itself."""
    bundles = sorted((here / "dist").glob("*.zip"))
    return [*bundles, *sorted((here / SAVED_HERE).glob("*.cfg.yml"))] if bundles else [here]


def findings(subject: Subject) -> Iterator[Finding]:
    """All that is wrong with one environment's files, without starting anything."""
    for check in CHECKS:
        yield from check.check(subject)


def subjects(paths: Iterable[Path], tier: str = "") -> Iterator[Subject | Finding]:
    """Each bundle or folder with each saved configuration that is for it, and whatever is left by itself."""
    given = list(paths)
    whole = [path for path in given if path.suffix in BUNDLES or (path.is_dir() and path.name not in PARTS)]
    configurations = [path for path in given if path not in whole and path.is_file() and is_saved(path)]
    matched: set[Path] = set()
    for path in whole:
        yield from _whole(path, configurations, matched, tier)
    parts = [path for path in given if path not in whole and path not in configurations]
    if parts:
        yield build(_parts(parts), (), tier)
    yield from (build(trees.of_files({}), (_read(path),), tier) for path in configurations if path not in matched)


def _parts(paths: Iterable[Path]) -> Tree:
    """Single files, as if each lay where Beanstalk looks for it."""
    files: dict[str, Path] = {}
    for path in paths:
        if path.is_dir():
            files |= {f"{path.name}/{name}": path / name for name in trees.of_folder(path).files}
        else:
            files[f".ebextensions/{path.name}" if path.suffix == ".config" else path.name] = path
    return trees.of_files(files)


def _whole(path: Path, others: Iterable[Path], matched: set[Path], tier: str) -> Iterator[Subject | Finding]:
    try:
        tree = trees.of_path(path)
    except Unreadable as problem:
        yield Finding(str(path), 1, "bundle-broken", f"{problem}; make the bundle again")
        return
    own = [read(tree.where(name), tree.read(name)) for name in tree.files if _is_own(name)]
    outside = [(other, _read(other)) for other in others]
    fitting = [(other, config) for other, config in outside if fits(tree, config)]
    matched |= {other for other, _ in fitting}
    configurations = [*own, *(config for _, config in fitting)]
    if not configurations:
        yield build(tree, (), tier)
    yield from (build(tree, (config,), tier) for config in configurations)


def _is_own(name: str) -> bool:
    return name == "env.yaml" or (name.startswith(f"{SAVED_HERE}/") and name.endswith((".cfg.yml", ".cfg.yaml")))


def fits(tree: Tree, config: Config) -> bool:
    """Whether a saved configuration is for a bundle: of its tier, and named for its app."""
    named = NAMED_FOR.search(tree.label)
    if not named:
        return False
    app = tree.label.removesuffix(named[0]).rpartition("/")[2]
    tier = TIERS.get(nodes.text(nodes.get(nodes.get(config.root, "EnvironmentTier"), "Name")), "")
    return tier == named[1] and Path(config.file).name.startswith(f"{app}-")


def is_saved(path: Path) -> bool:
    """Whether a file is a saved configuration by its name or by what it holds."""
    if path.name == "env.yaml" or path.name.endswith((".cfg.yml", ".cfg.yaml")):
        return True
    return path.suffix in (".yml", ".yaml") and nodes.get(_read(path).root, "OptionSettings") is not None


def _read(path: Path) -> Config:
    return read(str(path), trees.of_files({"file": path}).read("file"))
