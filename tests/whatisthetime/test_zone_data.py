"""Zone data comes from the pinned package only: what the system has for it, or has not, changes nothing."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from apps.whatisthetime import zones

ROOT = Path(__file__).parents[2]
# The answers of one moment and some pages, by a process that starts as a server does. Babel asks for the machine's own
# zone when it is loaded, which nothing that is shown uses.
ASK = """
import json, sys, zoneinfo
from datetime import datetime
import babel.dates
from apps.chassis.app import create_app
from apps.chassis.settings import Settings
from apps.whatisthetime import fast, zones

opened = []
sys.addaudithook(lambda event, about: opened.append(str(about[0])) if event == "open" else None)
answers = [fast.Time(name, text=True).at(1_795_000_000_000_000, "").decode() for name in zones.names()[::7]]
client = create_app(Settings.from_environ({"VAR_DIR": sys.argv[1]})).test_client()
answers.append(client.get("/api/transitions/Europe/Dublin?from=1970&until=2037").text)
statuses = [client.get(path).status_code for path in ("/", "/zones", "/zones/Asia/Seoul", "/api/timezone/Asia/Seoul")]
outside = sorted({path for path in opened if "zoneinfo" in path and not path.startswith(str(zones.DATA))})
pythons = datetime.now(zoneinfo.ZoneInfo("Asia/Seoul")).tzname()
print(json.dumps([answers, statuses, outside, zones.edition(), pythons]))
"""


def ask(folder: Path, environ: Mapping[str, str]) -> list[object]:
    """What such a process answers, and which other files of zones it opened."""
    ran = subprocess.run(
        [sys.executable, "-c", ASK, str(folder)], cwd=ROOT, env=os.environ | environ, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr
    answered: list[object] = json.loads(ran.stdout.splitlines()[-1])
    return answered


@pytest.fixture(scope="module")
def poisoned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A system's zones of which every one shows the time of Kiritimati."""
    folder = tmp_path_factory.mktemp("zoneinfo")
    for name in zones.names():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(zones.data("Pacific/Kiritimati"))
    (folder / "tzdata.zi").write_text("# version 1999z\n")
    return folder


def test_poisoned_zones_of_the_system_change_nothing(tmp_path: Path, poisoned: Path) -> None:
    *clean, pythons = ask(tmp_path, {})
    assert clean[1:] == [[200, 200, 200, 200], [], zones.edition()]
    assert pythons == "KST"
    where = str(poisoned)
    *with_poison, pythons = ask(tmp_path, {"PYTHONTZPATH": where, "TZDIR": where, "TZ": "Pacific/Kiritimati"})
    assert (with_poison, pythons) == (clean, "+14")
    *without_any, _ = ask(tmp_path, {"PYTHONTZPATH": "", "TZDIR": str(tmp_path / "nothing")})
    assert without_any == clean


def test_no_module_asks_python_for_zones() -> None:
    """Python's own zones come from the system first."""
    apps = [*(ROOT / "apps" / "whatisthetime").rglob("*.py"), *(ROOT / "apps" / "chassis").rglob("*.py")]
    asking = [
        str(path) for path in apps if "zoneinfo import" in (text := path.read_text()) or "import zoneinfo" in text
    ]
    assert asking == []


def test_the_edition_is_the_pinned_packages() -> None:
    pinned = next(line for line in (ROOT / "requirements.txt").read_text().splitlines() if line.startswith("tzdata=="))
    year, number = pinned.removeprefix("tzdata==").split(".")
    assert zones.edition() == f"{year}{'abcdefghijklmnopqrstuvwxyz'[int(number) - 1]}"
