"""Three renditions of a 24-megapixel JPEG, beside decoding it three times: `python -m lab.renditions`.

Each turn runs in a process of its own, so that one does not find the other's memory warm, and the kernel tells how
high its memory ever rose.
"""

import io
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median

from lab import figures

ROUNDS = 5
SIZE = 6000, 4000
MOST = 0.25
MIB = 1024


def chained(data: bytes) -> int:
    """As the journal does it: decoded once and small, and each made of the one before."""
    from apps.mywordpress.media.pictures import renditions

    return len([one.data for one in renditions(data)])


def decoded_thrice(data: bytes) -> int:
    """As it is done at first: decoded whole for each width, and made as small at once."""
    from PIL import Image

    from apps.mywordpress.media.pictures import RENDITION_WIDTHS

    made = []
    for width in RENDITION_WIDTHS:
        with Image.open(io.BytesIO(data)) as image:
            smaller = image.resize((width, round(width * image.height / image.width)), Image.Resampling.LANCZOS)
        out = io.BytesIO()
        smaller.save(out, "JPEG", quality=82, optimize=True)
        made.append(out.getvalue())
    return len(made)


WAYS: Mapping[str, Callable[[bytes], int]] = {"chained": chained, "decoded thrice": decoded_thrice}


def main() -> int:
    """Let both ways take turns with the same pictures, and tell what holds."""
    if len(sys.argv) == 3:
        return measured(*sys.argv[1:])
    kept: dict[str, object] = {}
    claims = []
    with tempfile.TemporaryDirectory() as folder:
        for kind, options in (("baseline", {}), ("progressive", {"progressive": True})):
            path = photographed(Path(folder) / f"{kind}.jpg", options)
            kept[f"{kind}, MiB"] = round(path.stat().st_size / MIB**2, 1)
            rounds = [{way: turn(way, path) for way in WAYS} for _ in range(ROUNDS)]
            tell(kind, rounds, kept)
            if kind == "baseline":
                claims = [(f"{what} of decoding three times", ratio(rounds, what), MOST) for what in ("time", "memory")]
    figures.keep("renditions", kept)
    return figures.verdict(claims)


def photographed(path: Path, options: Mapping[str, bool]) -> Path:
    """A picture of 24 megapixels with about as much in it as a camera's."""
    from PIL import Image

    grain = Image.effect_noise((SIZE[0] // 2, SIZE[1] // 2), 22).resize(SIZE)
    shade = Image.linear_gradient("L").resize(SIZE)
    Image.merge("RGB", (grain, shade, grain.transpose(Image.Transpose.FLIP_LEFT_RIGHT))).save(
        path, "JPEG", quality=90, **options
    )
    return path


def turn(way: str, path: Path) -> dict[str, float]:
    """What one way takes in a new process: seconds, and MiB beyond what it had before."""
    command = [sys.executable, "-m", "lab.renditions", way, str(path)]
    found: dict[str, float] = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
    return found


def measured(way: str, path: str) -> int:
    """Do it once small, so that everything is loaded, and then for good; print what that took."""
    from PIL import Image

    # So flat that it leaves next to no memory that could be used again.
    small = io.BytesIO()
    Image.new("RGB", (1300, 8)).save(small, "JPEG")
    do, data = WAYS[way], Path(path).read_bytes()
    do(small.getvalue())
    before, began, cpu = highest(), time.perf_counter(), time.process_time()
    made = do(data)
    took = {"time": round(time.process_time() - cpu, 3), "elapsed": round(time.perf_counter() - began, 3)}
    print(json.dumps({**took, "memory": (highest() - before) / MIB, "made": made}))
    return 0


def highest() -> int:
    """How many KiB this process has ever held."""
    found = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())
    assert found
    return int(found[1])


def tell(kind: str, rounds: list[dict[str, dict[str, float]]], kept: dict[str, object]) -> None:
    """Print and keep what each way took."""
    print(f"a {kind} JPEG of {SIZE[0]} by {SIZE[1]}, {ROUNDS} rounds, median and range")
    for way in WAYS:
        columns = {what: [each[way][what] for each in rounds] for what in ("time", "elapsed", "memory")}
        figures.table([(f"{way}: CPU", [1000 * one for one in columns["time"]], "ms"),
                       (f"{way}: elapsed", [1000 * one for one in columns["elapsed"]], "ms"),
                       (f"{way}: extra memory", columns["memory"], "MiB")])  # fmt: skip
        kept[f"{kind}, {way}"] = {"seconds of CPU": columns["time"], "seconds": columns["elapsed"],
                                  "extra MiB": columns["memory"]}  # fmt: skip
    kept[f"{kind}, ratios"] = {what: round(ratio(rounds, what), 3) for what in ("time", "elapsed", "memory")}


def ratio(rounds: list[dict[str, dict[str, float]]], what: str) -> float:
    """What the journal's way takes of the other one."""
    chain, thrice = (median(each[way][what] for each in rounds) for way in WAYS)
    return chain / thrice


if __name__ == "__main__":
    sys.exit(main())
