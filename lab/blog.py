"""What MyWordPress serves to readers, beside bare peers with the same bytes: `python -m lab.blog`."""

import json
import sys
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import NamedTuple
from urllib.request import Request, urlopen

from beanstalk.commands import ROOT
from lab import backends, dots, figures, front, journal
from lab.asking import CONNECTIONS, Measured, Round, measure
from lab.findings import Findings
from lab.servers import load, serving

ROUNDS, SECONDS, REQUESTS = 5, 1, 1000
UNITS = {
    "per_second": "requests per second",
    "p50_milliseconds": "50th percentile, ms",
    "p99_milliseconds": "99th percentile, ms",
    "cpu_microseconds": "CPU per request, us",
}
# Requests per second and bytes of a page of WordPress 7.1 with 100 posts of 500 words and 1,000 comments, by nginx and
# PHP-FPM on two processors. These figures are given: they were measured once, elsewhere. WordPress is tuned by keeping
# its pages in nginx's cache: for that stands, in this run, as many bytes in such a cache, where they stay for an hour.
WORDPRESS = {"home": (32, 117_295), "post": (28, 95_756), "feed": (53, 47_346), "search": (28, 125_684)}
KEPT, MADE, BARE = "Python alone, kept", "Python alone, made each time", "bare WSGI callable, same bytes"
BEHIND, ZIPPED = "behind nginx as deployed", "behind nginx as deployed, compressed"
FILE, TUNED = "nginx, same bytes as a file", "nginx's cache, as many bytes as WordPress's"
GIVEN = "WordPress (given)"
DRAWN = {
    MADE: "made each time, Python alone",
    KEPT: "kept, Python alone",
    TUNED: "as many bytes as WordPress's, in nginx's cache",
    BEHIND: "as deployed, behind nginx",
}
PLOT = ROOT / "docs/pictures/journal-speed.svg"
TIMES_KEPT, TIMES_MADE, OF_TUNED, TIMES_ZIPPED = 100, 25, 0.8, 2


class Peer(NamedTuple):
    """A server and how it is asked."""

    name: str
    server: Measured
    paths: Mapping[str, str]
    zipped: bool = False


def main() -> int:
    """Measure each page by each way, in turn, and tell what holds."""
    findings = Findings({})
    with ExitStack() as stack:
        peers = list(started(stack, findings))
        for peer in peers:
            for path in peer.paths.values():
                load(peer.server.port, path, 200, zipped=peer.zipped)
        rounds: dict[tuple[str, str], list[Round]] = {}
        for _ in range(ROUNDS):
            for page in WORDPRESS:
                for peer in peers:
                    found = measure(peer.server, peer.paths[page], SECONDS, REQUESTS, zipped=peer.zipped)
                    rounds.setdefault((page, peer.name), []).append(found)
    tell(findings, rounds)
    dots.draw(PLOT, "Pages of the journal per second", drawn(rounds), "pages/s")
    figures.keep("blog", findings.kept)
    return figures.verdict(findings.claims)


def started(stack: ExitStack, findings: Findings) -> list[Peer]:
    """The journal kept and not kept, alone and behind nginx, and those that it is measured against."""
    urls, redis = stack.enter_context(backends.mariadb("blog")), stack.enter_context(backends.redis())
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="blog-")))
    print(f"database: {'MariaDB' if urls else 'SQLite'}, cache and sessions: {'Redis' if redis else 'SQLite'}")
    findings.kept["backends"] = "MariaDB and Redis" if urls and redis else "embedded, at least in part"
    environ = {"APP": "mywordpress", "LOG_FORMAT": "json", "DATABASE_URL": f"sqlite:///{folder}/blog.sqlite3"}
    environ |= {"DATABASE_URL": urls[0]} if urls else {}
    environ |= {"CACHE_URL": f"{redis}/0", "SESSION_URL": f"{redis}/1"} if redis else {}
    environ["STORAGE_URL"] = f"file://{folder}/media"
    post = journal.filled(environ["DATABASE_URL"])
    paths = {"home": "/", "post": post, "feed": "/feed/", "search": f"/search?q={journal.SEARCHED}"}
    kept = stack.enter_context(serving("apps.wsgi:application", environ, chassis=True))
    uncached = environ | {"CACHE_URL": "null:"}
    made = stack.enter_context(serving("apps.wsgi:application", uncached, chassis=True))
    bytes_of = {page: fetched(kept.port, path) for page, path in paths.items()}
    findings.kept["bytes"] = {page: len(body) for page, body in bytes_of.items()}
    print("bytes: " + ", ".join(f"{page} {len(body)}" for page, body in bytes_of.items()))
    bare = stack.enter_context(serving("lab.peers:pages()", saved(folder, bytes_of, paths), chassis=True))
    deployed = front.Deployed(folder / "instance")
    nginx = stack.enter_context(deployed.serving())
    socket = environ | {"BIND": f"unix:{deployed.socket}"}
    nginx.behind = stack.enter_context(serving("apps.wsgi:application", socket, chassis=True, behind=deployed.port))
    theirs = {f"{page}-wordpress": text_of(size) for page, (_, size) in WORDPRESS.items()}
    files = stack.enter_context(front.files(bytes_of | theirs))
    same, tuned = {page: f"/{page}" for page in paths}, {page: f"/kept/{page}-wordpress" for page in paths}
    return [
        Peer(KEPT, kept, paths),
        Peer(MADE, made, paths),
        Peer(BARE, bare, paths),
        Peer(BEHIND, nginx, paths),
        Peer(ZIPPED, nginx, paths, zipped=True),
        Peer(FILE, files, same),
        Peer(TUNED, files, tuned),
    ]


def fetched(port: int, path: str) -> bytes:
    """The page as it is."""
    with urlopen(Request(f"http://127.0.0.1:{port}{path}"), timeout=10) as answer:
        body: bytes = answer.read()
        return body


def saved(folder: Path, bytes_of: Mapping[str, bytes], paths: Mapping[str, str]) -> dict[str, str]:
    """Leave the pages where the bare callable finds them; answers its environment."""
    places = folder / "pages"
    places.mkdir()
    for page, body in bytes_of.items():
        (places / page).write_bytes(body)
    (places / "addresses").write_text(json.dumps(dict(paths)))
    return {"APP": "mywordpress", "LOG_FORMAT": "json", "LAB_PAGES": str(places)}


def text_of(size: int) -> bytes:
    """So many bytes that compress like a page."""
    words = " ".join(f"<p>{word}</p>" for word in journal.VOCABULARY)
    return (words * (size // len(words) + 1)).encode()[:size]


def tell(findings: Findings, rounds: Mapping[tuple[str, str], list[Round]]) -> None:
    """What each page took by each way, and what that is of the given figures and of the peers of this run."""
    print(f"{ROUNDS} rounds of {SECONDS} s each, {CONNECTIONS} connections, median and range")
    for (page, peer), found in rounds.items():
        findings.table(
            {f"{page}, {peer}: {what}": [getattr(each, field) for each in found] for field, what in UNITS.items()}
        )
    print("given, not measured here: WordPress 7.1 by nginx and PHP-FPM on two processors, requests per second:")
    print("  " + ", ".join(f"{page} {rate}" for page, (rate, _) in WORDPRESS.items()))
    for page, (given, _) in WORDPRESS.items():
        claim(findings, page, given, {peer: found for (of, peer), found in rounds.items() if of == page})


def drawn(rounds: Mapping[tuple[str, str], list[Round]]) -> dict[str, dict[str, float]]:
    """Of each page, by each way that is worth comparing, how many a second."""
    return {
        page: {GIVEN: given, **{name: rate(rounds[page, peer]) for peer, name in DRAWN.items()}}
        for page, (given, _) in WORDPRESS.items()
    }


def claim(findings: Findings, page: str, given: int, by: Mapping[str, list[Round]]) -> None:
    """Hold the page to what we aim at, and keep what it is of its peers."""
    kept, made = rate(by[KEPT]), rate(by[MADE])
    if page != "search":
        findings.claim(f"{TIMES_KEPT} x {given} {page} kept, of {kept:.0f}", TIMES_KEPT * given / kept, 1.0)
    findings.claim(f"{TIMES_MADE} x {given} {page} made each time, of {made:.0f}", TIMES_MADE * given / made, 1.0)
    plain, zipped = ratio(by[BEHIND], by[TUNED]), ratio(by[ZIPPED], by[TUNED])
    findings.claim(f"{OF_TUNED} of tuned, {page} behind nginx: {plain:.2f}", OF_TUNED / plain, 1.0)
    findings.claim(f"{TIMES_ZIPPED} x tuned, {page} compressed: {zipped:.2f}", TIMES_ZIPPED / zipped, 1.0)
    pairs = {
        "kept, of a bare callable": ratio(by[KEPT], by[BARE]),
        "behind nginx, of the same bytes as a file": ratio(by[BEHIND], by[FILE]),
        "behind nginx, of tuned": plain,
        "behind nginx, compressed, of tuned": zipped,
        "given WordPress, of tuned in this run": given / rate(by[TUNED]),
    }
    print(f"{page}: " + ", ".join(f"{what} {figure:.3f}" for what, figure in pairs.items()))
    findings.kept[f"{page}: ratios"] = pairs


def rate(rounds: list[Round]) -> float:
    """Requests per second in the best round: whatever else the machine does takes from a rate and never adds to it."""
    return max(each.per_second for each in rounds)


def ratio(ours: list[Round], theirs: list[Round]) -> float:
    """Of requests per second, the median of all rounds, each compared within itself."""
    ratios: list[float] = [our.per_second / their.per_second for our, their in zip(ours, theirs, strict=True)]
    return median(ratios)


if __name__ == "__main__":
    sys.exit(main())
