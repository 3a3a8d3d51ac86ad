"""The search for an interpreter, with stand-ins on PATH that answer as real ones would."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "tools" / "python.sh"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A folder that is all of PATH."""
    folder = tmp_path / "bin"
    folder.mkdir()
    return folder


def put(folder: Path, name: str, version: str, missing: str = "-") -> Path:
    return script(folder / name, f"echo '{version} {missing} {folder / name}'")


def script(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(0o755)
    return file


def search(path: Path, *arguments: str, **environ: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["/bin/sh", SCRIPT, *arguments],
        cwd=path.parent,
        env={"PATH": str(path), **environ},
        capture_output=True,
        text=True,
        timeout=30,
    )


def test_it_takes_the_newest_that_is_supported(path: Path) -> None:
    put(path, "python3", "3.14.0")
    put(path, "python3.11", "3.11.4")
    newest = put(path, "python3.13", "3.13.0")
    assert search(path).stdout.strip() == str(newest)


def test_a_shim_that_does_not_run_is_passed_over(path: Path) -> None:
    script(path / "python3.13", "echo 'command not found' >&2; exit 127")
    working = put(path, "python3.11", "3.11.4")
    found = search(path)
    assert found.stdout.strip() == str(working)
    assert found.stderr == ""


def test_one_without_venv_is_passed_over(path: Path) -> None:
    put(path, "python3.12", "3.12.1", missing="ensurepip")
    complete = put(path, "python3.11", "3.11.4")
    assert search(path).stdout.strip() == str(complete)


def test_a_folder_later_on_path_is_looked_into_too(path: Path, tmp_path: Path) -> None:
    script(path / "python3.11", "exit 127")
    (tmp_path / "other bin").mkdir()
    working = put(tmp_path / "other bin", "python3.11", "3.11.4")
    assert search(path, PATH=f"{path}:{tmp_path / 'other bin'}").stdout.strip() == str(working)


def test_pyenv_is_asked_when_nothing_on_path_will_do(path: Path, tmp_path: Path) -> None:
    script(path / "pyenv", f"echo '{tmp_path}/pyenv'")
    inside = put(tmp_path / "pyenv" / "versions" / "3.12.1" / "bin", "python", "3.12.1")
    assert search(path).stdout.strip() == str(inside)


def test_shims_lead_to_the_versions_behind_them(path: Path, tmp_path: Path) -> None:
    script(tmp_path / "pyenv" / "shims" / "python3.12", "exit 127")
    inside = put(tmp_path / "pyenv" / "versions" / "3.12.1" / "bin", "python", "3.12.1")
    assert search(path, PATH=f"{tmp_path}/pyenv/shims").stdout.strip() == str(inside)


def test_the_environment_that_exists_is_kept(path: Path, tmp_path: Path) -> None:
    put(path, "python3.13", "3.13.0")
    kept = put(tmp_path / ".venv" / "bin", "python", "3.12.1")
    assert search(path).stdout.strip().endswith(str(kept.relative_to(tmp_path)))


def test_all_names_each_version_once(path: Path) -> None:
    put(path, "python3", "3.11.4")
    put(path, "python3.11", "3.11.4")
    put(path, "python3.12", "3.12.1")
    assert sorted(Path(line).name for line in search(path, "all").stdout.splitlines()) == ["python3.11", "python3.12"]


def test_all_may_find_none(path: Path) -> None:
    found = search(path, "all")
    assert (found.returncode, found.stdout, found.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("version", "missing", "says"),
    [
        ("3.9.2", "-", "found only 3.9.2"),
        ("3.14.0", "-", "found only 3.14.0"),
        ("2.7.18", "-", "found only 2.7.18"),
        ("3.11.4", "ensurepip", "lacks ensurepip (Debian, Ubuntu: apt install python3-venv)"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(path: Path, version: str, missing: str, says: str) -> None:
    put(path, "python3", version, missing)
    found = search(path)
    assert found.returncode == 1
    assert found.stdout == ""
    assert says in found.stderr
    assert found.stderr.count("\n") == 1


def test_a_machine_without_python_hears_what_to_install(path: Path) -> None:
    found = search(path)
    assert found.returncode == 1
    assert "none was found. Install one (Debian, Ubuntu: apt install python3-venv)" in found.stderr


def test_python_that_was_named_is_taken_or_refused(path: Path) -> None:
    put(path, "python3.12", "3.12.1")
    named = put(path, "mine", "3.11.4")
    old = put(path, "old", "3.8.1")
    assert search(path, PYTHON=str(named)).stdout.strip() == str(named)
    assert f"PYTHON={old} is 3.8.1" in search(path, PYTHON=str(old)).stderr
    assert "PYTHON=nowhere is not a Python that runs" in search(path, PYTHON="nowhere").stderr


def test_real_interpreters_answer(tmp_path: Path) -> None:
    found = search(tmp_path, PYTHON=sys.executable, PATH=os.defpath)
    assert Path(found.stdout.strip()).exists(), found.stderr
