"""A fresh clone on a machine that has make and a Python, and a person with a browser."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.laptop import Laptop

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOT = Path(__file__).parents[2]
# Other tests may be at work with what is made beside the source.
MADE = (".venv*", ".programs", "var", ".*_cache", "__pycache__", "dist", "bundle.zip", "saved_configs")
NOT_IN_A_CLONE = shutil.ignore_patterns(".git", *MADE)
INSTALL_SECONDS = 240.0


def pythons() -> list[str]:
    found = subprocess.run(["sh", "tools/python.sh", "all"], cwd=ROOT, capture_output=True, text=True, check=True)
    return found.stdout.split()


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """The project as somebody gets it, in a folder whose name has a space."""
    folder = tmp_path / "a clone"
    shutil.copytree(ROOT, folder, ignore=NOT_IN_A_CLONE)
    return folder


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


@pytest.mark.long
@pytest.mark.parametrize("python", pythons())
def test_a_fresh_clone_becomes_three_sites(
    python: str, clone: Path, home: Path, start_laptop: Callable[..., Laptop], page: "Page"
) -> None:
    def make_run() -> Laptop:
        environ = {"PYTHON": python, "HOME": str(home)}
        return start_laptop(clone / "var", environ, command=["make", "run"], folder=clone)

    first = make_run()
    first.wait_until_up(INSTALL_SECONDS)
    for url, title in zip(first.urls, ("WhatIsTheTime", "MyClothes", "MyWordPress"), strict=True):
        page.goto(url)
        assert title in page.title()
    assert first.interrupt() < 5
    assert first.left() == []
    assert "Traceback" not in first.output

    second = make_run()
    second.wait_until_up()
    assert "Installing" not in second.output
    assert second.interrupt() < 5
    assert second.left() == []

    reset = subprocess.run(["make", "reset"], cwd=clone, env=second.environ, capture_output=True, text=True)
    assert reset.returncode == 0, reset.stderr
    assert [path.name for path in (clone / "var").iterdir()] == ["running"]


def test_what_is_missing_is_one_line_and_the_error_of_make(clone: Path) -> None:
    environ = {"PATH": "/usr/bin:/bin", "PYTHON": "/nowhere/python"}
    ran = subprocess.run(["make", "run"], cwd=clone, env=environ, capture_output=True, text=True)
    assert ran.returncode != 0
    assert ran.stdout == ""
    said, made = ran.stderr.splitlines()
    assert said == "Python 3.11, 3.12 or 3.13 is needed: PYTHON=/nowhere/python is not a Python that runs"
    assert made.startswith("make: *** ")
