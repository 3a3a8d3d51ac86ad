"""`python -m beanstalk bundle [APP [TIER]]`: dist/APP-TIER.zip, what an environment of that app and tier is given.

A bundle holds committed files only: the app, the chassis, what the platform reads, and nothing else. The same commit
makes the same bytes. It knows no stage: one bundle is promoted from dev to prod, and what differs is configuration.
"""

import io
import subprocess
import sys
import tarfile
import time
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from beanstalk import fingerprints
from beanstalk.refusals import Refused

ROOT = Path(__file__).resolve().parents[1]
APPS = ("whatisthetime", "myclothes", "mywordpress")
TIERS = ("web", "worker")
USAGE = f"usage: python -m beanstalk bundle [{'|'.join(APPS)} [{'|'.join(TIERS)}]]"
EXTENSIONS, PLATFORM = ".ebextensions", ".platform"
SOURCES = ("apps", "Procfile", "requirements.txt", "cron.yaml", EXTENSIONS, PLATFORM)
# A worker serves no site; these are what the chassis's own pages, such as that of an error, refer to by fingerprint.
WORKERS_STATIC = ("icon.svg", "site.css", "fonts/fonts.css")
STATIC_MAP = f"{PLATFORM}/nginx/conf.d/static.conf"


@dataclass(frozen=True, slots=True)
class File:
    """What a commit holds under one name."""

    content: bytes
    executable: bool = False


@dataclass(frozen=True, slots=True)
class Committed:
    """The files of one commit, and when it was made, in seconds since 1970."""

    files: Mapping[str, File]
    at: int


def bundle(argv: Sequence[str]) -> int:
    """Run the verb; answers its exit code."""
    try:
        wanted = list(_wanted(argv))
    except ValueError:
        print(USAGE, file=sys.stderr)
        return 2
    try:
        for file in make(wanted, ROOT):
            print(f"{file.relative_to(ROOT)}  {file.stat().st_size // 1000} kB")
    except Refused as error:
        print(error, file=sys.stderr)
        return 1
    if _is_changed(ROOT):
        print("What is not committed yet is in none of them.", file=sys.stderr)
    return 0


def make(wanted: Iterable[tuple[str, str]], root: Path) -> Iterator[Path]:
    """Write the bundle of each app and tier into `root`/dist; raises Refused."""
    commit = committed(root)
    (root / "dist").mkdir(exist_ok=True)
    for app, tier in wanted:
        file = root / "dist" / f"{app}-{tier}.zip"
        # Whoever uploads meanwhile gets the old one or the new one.
        unfinished = file.with_suffix(".new")
        unfinished.write_bytes(zipped(contents(commit.files, app, tier), commit.at))
        unfinished.replace(file)
        yield file


def committed(root: Path) -> Committed:
    """What HEAD holds of the sources."""
    at = int(_git(root, "log", "-1", "--format=%ct", "HEAD"))
    with tarfile.open(fileobj=io.BytesIO(_git(root, "archive", "--format=tar", "HEAD", *SOURCES))) as archive:
        files = {
            member.name: File(_read(archive, member), bool(member.mode & 0o100))
            for member in archive
            if member.isfile()
        }
    return Committed(files, at)


def contents(files: Mapping[str, File], app: str, tier: str) -> dict[str, File]:
    """Everything in one bundle by its name there; raises Refused if two sources claim one name."""
    found = {name: file for name, file in files.items() if _is_code(name, app, tier)}
    found |= _laid_over(files, PLATFORM, app, tier) | _laid_over(files, EXTENSIONS, app, tier)
    if tier == "web":
        static = {name: file.content for name, file in found.items()}
        found[STATIC_MAP] = File(fingerprints.nginx_maps(static, app).encode())
    return found


def zipped(files: Mapping[str, File], at: int) -> bytes:
    """The files as a zip in which nothing depends on when, where and by whom it was made."""
    # Not the same for all commits: nginx tells two releases of a file apart by its time and size.
    moment = time.gmtime(at)[:6]
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, file in sorted(files.items()):
            entry = zipfile.ZipInfo(name, moment)
            entry.create_system = 3
            entry.external_attr = (0o100755 if file.executable else 0o100644) << 16
            archive.writestr(entry, file.content, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def _wanted(argv: Sequence[str]) -> Iterator[tuple[str, str]]:
    app, tier, *more = [*argv, None, None][: max(2, len(argv))]
    if more or (app and app not in APPS) or (tier and tier not in TIERS):
        raise ValueError
    for one in [app] if app else APPS:
        yield from ((one, each) for each in ([tier] if tier else TIERS))


def _is_code(name: str, app: str, tier: str) -> bool:
    if name in ("Procfile", "requirements.txt", "apps/__init__.py", "apps/wsgi.py"):
        return True
    if name == "cron.yaml":
        return tier == "worker"
    static = f"apps/{app}/static/"
    if tier == "worker" and name.startswith(static):
        return name.removeprefix(static) in WORKERS_STATIC
    return name.startswith(("apps/chassis/", f"apps/{app}/"))


def _laid_over(files: Mapping[str, File], folder: str, app: str, tier: str) -> dict[str, File]:
    """The layers of this app and tier as one folder. Those of .ebextensions hold nothing but files."""
    layers = _layers(files, folder)
    found: dict[str, File] = {}
    for layer in ("common", tier, app, f"{app}-{tier}"):
        for name, file in layers.get(layer, {}).items():
            if f"{folder}/{name}" in found:
                raise Refused(f"{folder}/{layer}/{name}: an earlier layer of {app}-{tier} has this name; rename one")
            found[f"{folder}/{name}"] = file
    return found


def _layers(files: Mapping[str, File], folder: str) -> dict[str, dict[str, File]]:
    layers: dict[str, dict[str, File]] = {}
    for name, file in files.items():
        if name.startswith(f"{folder}/"):
            layer, _, rest = name.removeprefix(f"{folder}/").partition("/")
            layers.setdefault(layer, {})[rest] = file
    known = {"common", *TIERS, *APPS, *(f"{app}-{tier}" for app in APPS for tier in TIERS)}
    for layer in layers.keys() - known:
        raise Refused(f"{folder}/{layer}: no bundle has this layer; there are {' '.join(sorted(known))}")
    return layers


def _read(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file = archive.extractfile(member)
    return file.read() if file else b""


def _is_changed(root: Path) -> bool:
    return bool(_git(root, "status", "--porcelain", "--", *SOURCES))


def _git(root: Path, *words: str) -> bytes:
    try:
        done = subprocess.run(["git", "-C", str(root), *words], capture_output=True)  # noqa: S607
    except FileNotFoundError:
        raise Refused("git is not installed, and a bundle holds what it has committed") from None
    if done.returncode:
        raise Refused(f"git {words[0]}: {done.stderr.decode(errors='replace').partition(chr(10))[0]}")
    return done.stdout
