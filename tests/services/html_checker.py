"""The Nu checker of HTML, by the real program."""

import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tools.checker import JAR
from tools.programs import PLACES


class HtmlChecker:
    """Runs in Java, once for all pages: it takes longer to start than to read them."""

    def __init__(self, java: str) -> None:
        self.java = java

    def errors(self, pages: Mapping[str, str], folder: Path) -> list[str]:
        """What is wrong with these pages, which are known by name; none of its mere advice."""
        files = {folder / f"{number}.html": name for number, name in enumerate(pages)}
        for file, name in files.items():
            file.write_text(pages[name], "utf-8")
        command = [self.java, "-Xss1m", "-Xmx512m", "-jar", str(JAR), "--format", "json", "--exit-zero-always"]
        done = subprocess.run([*command, *map(str, files)], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        found = [told for told in json.loads(done.stderr)["messages"] if told["type"] != "info"]
        names = {file.name: name for file, name in files.items()}
        return [f"{names[told['url'].rpartition('/')[2]]}: {told['message']}: {told.get('extract')}" for told in found]


def find_html_checker() -> HtmlChecker | None:
    """The program, or None if it is not there."""
    java = shutil.which("java", path=PLACES)
    return HtmlChecker(java) if java and JAR.is_file() else None
