"""The six bundles as they would be uploaded, each run from its zip alone, and each deployed twice."""

import hashlib
import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from apps.chassis.jobs import Message
from apps.chassis.jobs.sqlite import SqliteQueue
from beanstalk import bundle
from tests.services.platform import Platform
from tests.support.bundles import made, repository
from tests.support.load import Visitors
from tests.support.waiting import wait_until

pytestmark = pytest.mark.long

IMPATIENT = """
option_settings:
  aws:elasticbeanstalk:sqsd:
    ErrorVisibilityTimeout: "0"
"""
A_SLOW_JOB = """

@jobs.job("sleep", deadline_seconds=170)
def sleep(work: Work, seconds: float, notes: str) -> None:
    time.sleep(seconds)
    with open(notes, "a") as file:
        file.write(f"slept {seconds}\\n")
"""


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    return made(repository(tmp_path_factory.mktemp("repository")))


# The longest comes first, so that the others may run beside it.
def test_a_worker_outlives_poison_and_does_a_job_of_ninety_seconds_once(
    platform: Callable[..., Platform], bundles: Mapping[str, Path], tmp_path: Path
) -> None:
    slow = with_a_slow_job(bundles["whatisthetime-worker"], tmp_path / "slow.zip")
    worker = platform("whatisthetime", "worker")
    worker.start(slow)
    notes = tmp_path / "notes"
    for seconds in (90, 0):
        queue(worker).send(Message.new("sleep", {"seconds": seconds, "notes": str(notes)}).encode())
        queue(worker).send("poison")
    wait_until(lambda: len(queue(worker).dead()) == 2, 30)
    wait_until(notes.exists, 30)
    # What a deployment finds under way may end as well.
    assert worker.deploy(slow).returncode == 0
    wait_until(lambda: "slept 90\n" in notes.read_text(), 120)
    wait_until(lambda: not queue(worker).waiting() and "try 1: 200 (90." in worker.log("aws-sqsd/default.log"), 10)
    assert notes.read_text().splitlines() == ["slept 0", "slept 90"]
    assert {letter.message.receive_count for letter in queue(worker).dead()} == {10}
    wait_until(lambda: "Version 1 has finished" in worker.said(), 30)


@pytest.mark.parametrize("app", bundle.APPS)
def test_a_web_bundle_serves_and_is_replaced_under_load(
    platform: Callable[..., Platform], bundles: Mapping[str, Path], app: str
) -> None:
    site = platform(app, "web")
    site.start(bundles[f"{app}-web"])
    assert site.get("/health/ready").status == 200
    assert is_of_the_bundle_alone(site)
    page = site.get("/", Accept="text/html")
    assert (page.status, page.headers["Server"]) == (200, "nginx")
    static = re.search(r'"(/(?:static|assets)/[^"]+\.css\?v=[0-9a-f]+)"', page.body)
    assert static
    sheet = site.get(static[1])
    assert sheet.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert is_from_nginx(site, static[1])
    assert site.get("/static/no-such-file").status == 404
    redirect = site.get("/", **{"X-Forwarded-Proto": "http"})
    assert (redirect.status, redirect.headers["Location"]) == (301, "https://127.0.0.1/")
    with Visitors(site.port, "/") as visitors:
        wait_until(lambda: visitors.have_seen("200"), 20)
        deployed = site.deploy(bundles[f"{app}-web"])
        seen = visitors.answers["200"]
        wait_until(lambda: visitors.answers["200"] > seen + 50, 20)
    assert (deployed.returncode, visitors.trouble) == (0, [])
    assert set(visitors.answers) == {"200"}
    wait_until(lambda: "Version 1 has finished" in site.said(), 30)


def test_pictures_are_served_from_the_shared_files(
    platform: Callable[..., Platform], bundles: Mapping[str, Path]
) -> None:
    site = platform("mywordpress", "web")
    site.start(bundles["mywordpress-web"])
    digest = hashlib.sha256(b"a picture").hexdigest()
    address = f"/media/{digest[:2]}/{digest[2:4]}/{digest}.png"
    picture = site.folder.parent / "shared/mounts" / address.lstrip("/")
    picture.parent.mkdir(parents=True)
    picture.write_bytes(b"a picture")
    assert site.get(address).body == "a picture"
    assert is_from_nginx(site, address)
    assert site.deploy(bundles["mywordpress-web"]).returncode == 0
    assert site.get(address).headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    mounts = [call for call in site.calls() if call.startswith(("dnf", "mount "))]
    assert [call.partition("/")[0] for call in mounts] == [
        "dnf --assumeyes --quiet install amazon-efs-utils",
        *["mount "] * 2,
    ]
    assert "tls,iam,accesspoint=fsap-" in site.log("eb-hooks.log")


@pytest.mark.parametrize("app", bundle.APPS)
def test_a_worker_bundle_takes_messages_and_nobody_elses(
    platform: Callable[..., Platform], bundles: Mapping[str, Path], app: str
) -> None:
    worker = platform(app, "worker")
    worker.start(bundles[f"{app}-worker"])
    assert worker.get("/health/ready").status == 200
    assert worker.get("/").status == 405
    assert is_of_the_bundle_alone(worker)
    queue(worker).send("no job at all")
    wait_until(lambda: "400, again in 120 s" in worker.log("aws-sqsd/default.log"), 20)
    assert worker.get("/health/ready").status == 200
    migrations = [call for call in worker.calls() if call.startswith("runuser")]
    assert len(migrations) == (app != "whatisthetime")


def with_a_slow_job(source: Path, target: Path) -> Path:
    with zipfile.ZipFile(source) as given, zipfile.ZipFile(target, "w") as changed:
        for entry in given.infolist():
            more = A_SLOW_JOB.encode() if entry.filename == "apps/whatisthetime/jobs.py" else b""
            changed.writestr(entry, given.read(entry) + more)
        changed.writestr(".ebextensions/99-impatient.config", IMPATIENT)
    return target


def queue(worker: Platform) -> SqliteQueue:
    app = worker.name[0]
    return SqliteQueue(worker.folder.parent / "shared" / app / "queue.sqlite3")


def is_from_nginx(site: Platform, address: str) -> bool:
    """Whether the app was not asked: nginx notes no time of an upstream."""

    def noted() -> list[str]:
        return [line for line in site.log("nginx/access.log").splitlines() if f" {address} " in line]

    # The line is written once the answer is sent.
    wait_until(noted)
    line = noted()[-1]
    return line.partition('" ')[2].split()[3] == "-"


def is_of_the_bundle_alone(site: Platform) -> bool:
    """Whether the servers live in the unpacked bundle, and know of no other place to import from."""
    servers = [
        Path(f"/proc/{pid}") for pid in site.processes() if b"apps.wsgi" in Path(f"/proc/{pid}/cmdline").read_bytes()
    ]
    homes = {str((server / "cwd").readlink()) for server in servers}
    return homes == {str(site.folder / "versions/1/var/app/current")} and not any(
        b"PYTHONPATH" in (server / "environ").read_bytes() for server in servers
    )
