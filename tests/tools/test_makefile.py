import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_help_names_every_target_that_people_call() -> None:
    shown = subprocess.run(["make", "-s", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M)
    assert re.findall(r"^  make ([a-z-]+) ", shown, re.M) == targets


def test_every_requirement_is_pinned_exactly() -> None:
    for path in [*ROOT.glob("requirements*.txt"), ROOT / "tests" / "services" / "ministack.txt"]:
        for line in path.read_text().splitlines():
            assert not line or re.match(r"#|-r |[a-z0-9-]+==[\w.]+( ; .+)?$", line), f"{path.name}: {line}"
