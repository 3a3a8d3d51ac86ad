"""What is in a bundle, and what is not."""

import re
import subprocess
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from beanstalk import bundle
from beanstalk.commands import ROOT
from beanstalk.refusals import Refused
from tests.support import bundles

LARGEST = 2_000_000
OWN = ("apps/__init__.py", "apps/wsgi.py", "Procfile", "requirements.txt")


@pytest.fixture
def clone(repository: Path, tmp_path: Path) -> Path:
    """A repository like ours that the test may change."""
    bundles.git(tmp_path, "clone", "--quiet", str(repository), "clone")
    return tmp_path / "clone"


def names(file: Path) -> set[str]:
    with zipfile.ZipFile(file) as archive:
        return set(archive.namelist())


@pytest.mark.parametrize(("app", "tier"), bundles.EVERY)
def test_a_bundle_holds_its_app_and_the_chassis_and_nothing_else(made: Mapping[str, Path], app: str, tier: str) -> None:
    allowed = (f"apps/{app}/", "apps/chassis/", ".ebextensions/", ".platform/")
    others = {name for name in names(made[f"{app}-{tier}"]) if not name.startswith(allowed)}
    assert others == {*OWN, *(["cron.yaml"] if tier == "worker" else [])}


@pytest.mark.parametrize("name", [f"{app}-{tier}" for app, tier in bundles.EVERY])
def test_a_bundle_is_small_and_without_secrets_and_leftovers(made: Mapping[str, Path], name: str) -> None:
    assert made[name].stat().st_size < LARGEST
    unwanted = re.compile(r"\.env|\.pem|\.key|\.sqlite3|\.pyc|\.log|test_|/tests/|__pycache__")
    assert [each for each in names(made[name]) if unwanted.search(each)] == []


def test_the_same_commit_makes_the_same_bytes_elsewhere(made: Mapping[str, Path], clone: Path) -> None:
    elsewhere = bundles.made(clone)
    assert {name: file.read_bytes() for name, file in elsewhere.items()} == {
        name: file.read_bytes() for name, file in made.items()
    }


def test_what_is_not_committed_is_left_out(clone: Path, made: Mapping[str, Path]) -> None:
    (clone / "apps" / "myclothes" / "unfinished.py").write_text("x = 1\n")
    (clone / "apps" / "myclothes" / "money.py").write_text("raise SystemExit\n")
    assert next(bundle.make([("myclothes", "web")], clone)).read_bytes() == made["myclothes-web"].read_bytes()


def test_scripts_may_be_executed_and_nothing_else(made: Mapping[str, Path]) -> None:
    for file in made.values():
        with zipfile.ZipFile(file) as archive:
            modes = {entry.filename: entry.external_attr >> 16 for entry in archive.infolist()}
        for name, mode in modes.items():
            assert mode == (0o100755 if name.endswith(".sh") else 0o100644), name


def test_layers_become_one_folder_each(unpacked: Mapping[str, Path]) -> None:
    for name, folder in unpacked.items():
        app, _, tier = name.partition("-")
        configs = {path.name for path in (folder / ".ebextensions").iterdir()}
        assert f"60-{app}-{tier}.config" in configs
        assert ("40-daemon.config" in configs) is (tier == "worker")
        assert (f"70-{app}-migrations.config" in configs) is (app != "whatisthetime")
        assert {path.name for path in (folder / ".platform").iterdir()} == {"nginx", "hooks", "confighooks"}
        assert (folder / ".platform" / "hooks" / "prebuild" / "20-media.sh").exists() is (app == "mywordpress")


def test_a_worker_carries_only_the_static_files_that_its_pages_name(unpacked: Mapping[str, Path]) -> None:
    base = (ROOT / "apps" / "chassis" / "templates" / "chassis" / "base.html").read_text()
    assert set(re.findall(r"\bstatic\('([^']+)'\)", base)) == set(bundle.WORKERS_STATIC)
    for app in bundle.APPS:
        static = unpacked[f"{app}-worker"] / "apps" / app / "static"
        assert {str(path.relative_to(static)) for path in static.rglob("*.*")} == set(bundle.WORKERS_STATIC)


@pytest.mark.parametrize("folder", [".ebextensions", ".platform"])
def test_two_layers_with_one_name_are_refused(clone: Path, folder: str) -> None:
    for layer in ("common", "web"):
        (clone / folder / layer / "same.config").write_text("")
    bundles.commit(clone)
    with pytest.raises(Refused, match=r"same\.config: an earlier layer"):
        bundles.made(clone)


def test_no_two_files_of_ebextensions_have_one_name() -> None:
    found = [path.name for path in (ROOT / ".ebextensions").rglob("*.config")]
    assert len(found) == len(set(found))


def test_a_layer_of_no_bundle_is_refused(clone: Path) -> None:
    (clone / ".ebextensions" / "wbe").mkdir()
    (clone / ".ebextensions" / "wbe" / "10-lost.config").write_text("")
    bundles.commit(clone)
    with pytest.raises(Refused, match=r"\.ebextensions/wbe: no bundle has this layer"):
        bundles.made(clone)


def test_a_folder_without_commits_is_refused_in_one_line(tmp_path: Path) -> None:
    bundles.git(tmp_path, "init", "--quiet")
    with pytest.raises(Refused, match=r"^git log: [^\n]+$"):
        bundles.made(tmp_path)


@pytest.mark.parametrize(
    ("argv", "code"), [(["nowhere"], 2), (["myclothes", "db"], 2), (["myclothes", "web", "x"], 2), (["web"], 2)]
)
def test_what_it_does_not_know_is_answered_with_its_usage(
    argv: list[str], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bundle.bundle(argv) == code
    assert capsys.readouterr().err.startswith("usage: python -m beanstalk bundle [")


def test_one_tier_or_one_app_may_be_named(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundle, "ROOT", clone)
    assert bundle.bundle(["myclothes", "worker"]) == 0
    assert [file.name for file in (clone / "dist").iterdir()] == ["myclothes-worker.zip"]
    assert bundle.bundle(["whatisthetime"]) == 0
    assert len(list((clone / "dist").iterdir())) == 3


def test_the_chassis_and_the_apps_need_nothing_that_no_bundle_holds() -> None:
    importing = re.compile(r"^\s*(?:from|import) (beanstalk|tests|tools|lab)\b", re.M)
    assert [path for path in (ROOT / "apps").rglob("*.py") if importing.search(path.read_text())] == []


def test_make_bundle_makes_all_six(clone: Path) -> None:
    subprocess.run(["cp", "-r", ROOT / "Makefile", ROOT / "tools", ROOT / "beanstalk", clone], check=True)
    subprocess.run(["make", "-s", "bundle"], cwd=clone, check=True, capture_output=True)
    assert {file.stem for file in (clone / "dist").glob("*.zip")} == {f"{app}-{tier}" for app, tier in bundles.EVERY}
