import os
import shutil
import subprocess
import sys
from pathlib import Path

TOOLS = Path(__file__).parents[2] / "tools"
# Lays out what npm would, and notes what it was asked for.
NPM = """#!/bin/sh
echo "$@" >> asked
mkdir -p .programs/checker/node_modules/vnu-jar/build/dist
echo jar > .programs/checker/node_modules/vnu-jar/build/dist/vnu.jar
"""


def checker(folder: Path, java: str = "java", **programs: str) -> "subprocess.CompletedProcess[str]":
    """The script in a project of its own, on a machine that has these programs."""
    (folder / "tools").mkdir(exist_ok=True)
    shutil.copy(TOOLS / "programs.py", folder / "tools")
    text = (TOOLS / "checker.py").read_text().replace('("java",)', f'("{java}",)')
    (folder / "tools/checker.py").write_text(text)
    (folder / "bin").mkdir(exist_ok=True)
    for name, script in programs.items():
        (folder / "bin" / name).write_text(script)
        (folder / "bin" / name).chmod(0o755)
    return subprocess.run(
        [sys.executable, "-m", "tools.checker"],
        cwd=folder,
        env={**os.environ, "PATH": f"{folder}/bin:/usr/bin:/bin" if programs else "/no"},
        capture_output=True,
        text=True,
    )


def test_without_apt_what_is_missing_is_named_in_one_line(tmp_path: Path) -> None:
    ran = checker(tmp_path, java="a-java-of-nobody")
    assert ran.returncode == 1
    assert ran.stderr.startswith("make test-long needs default-jre-headless")
    assert ran.stderr.count("\n") == 1


def test_it_is_fetched_once_for_each_version(tmp_path: Path) -> None:
    for _ in range(2):
        ran = checker(tmp_path, npm=NPM, java="sh")
        assert (ran.returncode, ran.stderr) == (0, "")
    asked = (tmp_path / "asked").read_text().splitlines()
    assert len(asked) == 1
    assert "--ignore-scripts" in asked[0]
    assert asked[0].split()[-1].startswith("vnu-jar@")


def test_what_npm_complains_about_is_told(tmp_path: Path) -> None:
    ran = checker(tmp_path, npm="#!/bin/sh\necho no network >&2\nexit 1\n", java="sh")
    assert ran.returncode == 1
    assert ran.stderr.endswith("npm says: no network\n")
