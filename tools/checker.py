"""The Nu checker of HTML, for the tests that take minutes: Java and npm are found or installed, and it is fetched.

`python -m tools.checker` answers 0 when it is there, else one line on stderr that names what is missing.
"""

import shutil
import subprocess
import sys

from tools.programs import OWN, PLACES, complete

VERSION = "26.9.27"
FOLDER = OWN / "checker"
JAR = FOLDER / "node_modules/vnu-jar/build/dist/vnu.jar"
# Renewed when another version is wanted.
STAMP = FOLDER / VERSION
NAMES = {"default-jre-headless": ("java",), "npm": ("npm",)}


def main() -> int:
    """Leave the checker ready, or say what is missing."""
    if STAMP.exists() and JAR.exists() and shutil.which("java", path=PLACES):
        return 0
    return complete(NAMES, "make test-long") or fetch()


def fetch() -> int:
    """Have npm lay it out in FOLDER; nothing else of the machine changes."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    print("Getting the Nu checker with npm ...", flush=True)
    quiet = ["--no-save", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts", "--loglevel=error"]
    command = [shutil.which("npm") or "npm", "install", *quiet, "--prefix", str(FOLDER), f"vnu-jar@{VERSION}"]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode or not JAR.exists():
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        print(f"make test-long needs vnu-jar {VERSION}: npm says: {reason}", file=sys.stderr)
        return 1
    STAMP.touch()
    return 0


if __name__ == "__main__":
    sys.exit(main())
