"""The image that all of ours start from, made with debootstrap where it cannot be pulled."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from tools.packages import Missing, install, mirror

BASE = "debian:bookworm-slim"
RELEASE = "bookworm"
AUTHORITIES = Path("/usr/local/share/ca-certificates")
BUNDLE = Path("/etc/ssl/certs/ca-certificates.crt")
# What reads its own bundle of authorities unless it is told of the system's.
TOLD_BY = ("PIP_CERT", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")
# As the image of that name has it: nothing that only a person reads.
UNREAD = ("usr/share/doc", "usr/share/man", "usr/share/locale", "usr/share/info", "var/cache/apt", "var/lib/apt/lists")
# What apt keeps for the next time would stay in the layer of each build.
KEEP_NOTHING = """\
DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb"; };
Dir::Cache::pkgcache "";
Dir::Cache::srcpkgcache "";
"""


def make_base(docker: Callable[..., list[str]]) -> None:
    """Make BASE from Debian's packages, with the authorities that this machine trusts; raises Missing."""
    if os.geteuid():
        raise Missing(f"{BASE} cannot be pulled: load it, or be root on Debian, where it is made")
    install({"debootstrap": ("debootstrap",)})
    print(f"Making {BASE} with debootstrap ...", flush=True)
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary) / "root"
        _bootstrap(root)
        _slim(root)
        trusted = _trust(root)
        _load(root, docker("import", *_changes(trusted), "-", BASE))


def _bootstrap(root: Path) -> None:
    address = mirror()
    command = ["debootstrap", "--variant=minbase", RELEASE, str(root), address]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode:
        raise Missing(f"debootstrap says: {(done.stdout.strip().splitlines() or ['nothing'])[-1]}")
    suites = ((address, RELEASE), (address, f"{RELEASE}-updates"), (f"{address}-security", f"{RELEASE}-security"))
    (root / "etc/apt/sources.list").write_text("".join(f"deb {place} {suite} main\n" for place, suite in suites))


def _slim(root: Path) -> None:
    for folder in UNREAD:
        shutil.rmtree(root / folder, ignore_errors=True)
    excluded = "".join(f"path-exclude /{folder}/*\n" for folder in UNREAD if folder.startswith("usr/"))
    (root / "etc/dpkg/dpkg.cfg.d/slim").write_text(excluded)
    (root / "etc/apt/apt.conf.d/slim").write_text(KEEP_NOTHING)


def _trust(root: Path) -> bool:
    """Whether this machine trusts more than Debian does; then the image does as well."""
    if not any(AUTHORITIES.glob("*.crt")):
        return False
    shutil.copytree(AUTHORITIES, root / AUTHORITIES.relative_to("/"), dirs_exist_ok=True)
    (root / BUNDLE.relative_to("/")).parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(BUNDLE, root / BUNDLE.relative_to("/"))
    return True


def _changes(trusted: bool) -> list[str]:
    settings = " ".join(f"{name}={BUNDLE}" for name in TOLD_BY)
    return ["--change", 'CMD ["bash"]', *(["--change", f"ENV {settings}"] if trusted else [])]


def _load(root: Path, command: list[str]) -> None:
    with subprocess.Popen(["tar", "--create", "--directory", root, "."], stdout=subprocess.PIPE) as archive:
        done = subprocess.run(command, stdin=archive.stdout, capture_output=True, text=True)
    if done.returncode or archive.returncode:
        raise Missing(f"{BASE} could not be loaded: {done.stderr.strip()}")
