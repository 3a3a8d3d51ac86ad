"""The environment is made for real; a package without code stands in for all requirements, so no network is needed."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "tools" / "environment.py"
BASE = getattr(sys, "_base_executable", sys.executable)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an environment in it, made once because that takes seconds."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "requirements.txt").write_text("# nothing yet\n")
    first = make(folder)
    assert (first.returncode, first.stderr) == (0, "")
    assert "Making .venv with Python" in first.stdout
    return folder


@pytest.fixture
def folder(made: Path) -> Path:
    (made / "requirements.txt").write_text("# nothing yet\n")
    make(made)
    return made


def make(folder: Path, requirements: str = "requirements.txt", **environ: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [BASE, SCRIPT, ".venv", requirements], cwd=folder, env={"PATH": "/usr/bin:/bin", **environ},
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip


def test_it_works_once_for_one_python_and_one_set_of_pins(folder: Path) -> None:
    assert subprocess.run([folder / ".venv" / "bin" / "python", "-c", "import pip"]).returncode == 0
    assert make(folder).stdout == ""

    (folder / "requirements.txt").write_text("# another\n")
    again = make(folder).stdout
    assert "Installing" in again
    assert "Making" not in again


def test_a_folder_that_was_moved_gets_a_new_environment(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path, symlinks=True, dirs_exist_ok=True)
    assert "Making .venv" in make(tmp_path).stdout


def test_an_index_that_cannot_be_reached_is_one_line(folder: Path) -> None:
    (folder / "requirements.txt").write_text("a-package-that-is-nowhere==1.0\n")
    # The port discard is closed, and without other configuration pip asks nobody else.
    environ = {"PIP_CONFIG_FILE": "/dev/null", "PIP_INDEX_URL": "http://127.0.0.1:9/simple", "HOME": str(folder)}
    failed = make(folder, **environ)
    assert failed.returncode == 1
    assert failed.stderr == (
        ".venv: pip could not install requirements.txt: the package index cannot be reached: "
        "check the network (or pip's index-url and proxy) and run this again\n"
    )
    assert "Installing" in make(folder).stdout


def test_a_pin_that_does_not_exist_is_named(folder: Path) -> None:
    (folder / "requirements.txt").write_text("a-package-that-is-nowhere==1.0\n")
    failed = make(folder, PIP_NO_INDEX="1", PIP_CONFIG_FILE="/dev/null")
    assert failed.stderr.count("\n") == 1
    assert "a-package-that-is-nowhere==1.0" in failed.stderr


def test_a_missing_file_is_one_line(folder: Path) -> None:
    failed = make(folder, "requirements-of-nobody.txt")
    assert failed.returncode == 1
    assert "requirements-of-nobody.txt" in failed.stderr
    assert failed.stderr.count("\n") == 1


def test_an_old_python_is_told_so(tmp_path: Path) -> None:
    text = SCRIPT.read_text().replace("(3, 11)", "(99, 0)")
    (tmp_path / "environment.py").write_text(text)
    failed = subprocess.run(
        [BASE, tmp_path / "environment.py", ".venv", "requirements.txt"], capture_output=True, text=True
    )
    assert failed.returncode == 1
    assert failed.stderr.startswith("Python 3.11, 3.12 or 3.13 is needed; this is 3.")
