import os
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / "tools" / "programs.py"


def test_without_apt_what_is_missing_is_named_in_one_line(tmp_path: Path) -> None:
    # Servers are looked for in sbin too, so that only what lies nowhere on this machine can be missing.
    text = SCRIPT.read_text().replace('"redis-server": (', '"a-server": ("a-server-of-nobody",), "redis-server": (')
    (tmp_path / "programs.py").write_text(text)
    ran = subprocess.run(
        [sys.executable, "programs.py"], cwd=tmp_path, env={**os.environ, "PATH": "/nowhere"},
        capture_output=True, text=True,
    )  # fmt: skip
    assert ran.returncode == 1
    assert ran.stderr.startswith("make test needs ")
    assert "a-server" in ran.stderr
    assert ran.stderr.count("\n") == 1
