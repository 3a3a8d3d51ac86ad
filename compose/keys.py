"""Makes what nobody may guess, at the first start: passwords, keys, and the certificate of the cache's servers.

`python -m compose.keys [FOLDER]` fills one folder for each reader, which is mounted in that reader's containers and
in no others. What is there already stays, so it may run at each start; what one reader has lost is taken from another.
"""

import os
import secrets
import sys
from collections.abc import Mapping
from pathlib import Path

from compose.certificates import make_certificates

CACHE = {"cache_password": "cache", "ca.pem": "ca"}
# Which file of a reader holds which secret. Several readers of one secret find the same in it.
READERS: Mapping[str, Mapping[str, str]] = {
    "whatisthetime": {"secret_key": "whatisthetime key"},
    "myclothes": {"secret_key": "myclothes key", "database_password": "myclothes database", **CACHE},
    "mywordpress": {"secret_key": "mywordpress key", "database_password": "mywordpress database", **CACHE},
    "database": {
        "myclothes_password": "myclothes database",
        "mywordpress_password": "mywordpress database",
        "promoter_password": "promoter",
    },
    "promoter": {"promoter_password": "promoter"},
    "cache": {**CACHE, "server.pem": "certificate", "server.key": "certificate's key"},
    "cache-endpoint": CACHE,
}
# These are made together or not at all, since each proves another.
CERTIFICATES = ("ca", "certificate", "certificate's key")
# What the cache's servers are called, and by its clients the endpoint that leads to them.
NAMES = (
    "cache",
    "cache-a",
    "cache-b",
    "sentinel-a",
    "sentinel-b",
    "sentinel-c",
    "cache-endpoint-a",
    "cache-endpoint-b",
)
BYTES = 32


def fill(root: Path) -> None:
    """Leave every reader's folder below `root` complete; files that are there are not written again."""
    known = _kept(root)
    if any(name not in known for name in CERTIFICATES):
        known |= dict(zip(CERTIFICATES, make_certificates(NAMES), strict=True))
    for reader, files in READERS.items():
        for file, name in files.items():
            known.setdefault(name, secrets.token_hex(BYTES).encode())
            _keep(root / reader / file, known[name])


def _kept(root: Path) -> dict[str, bytes]:
    """The secrets that any reader has."""
    files = [(root / reader / file, name) for reader, files in READERS.items() for file, name in files.items()]
    return {name: path.read_bytes() for path, name in files if path.exists()}


def _keep(path: Path, secret: bytes) -> None:
    if path.exists() and path.read_bytes() == secret:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    # Whole or not at all: a reader never finds half of a password.
    unfinished = path.with_name(f".{path.name}")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secret)
        file.flush()
        os.fsync(descriptor)
    unfinished.replace(path)


if __name__ == "__main__":
    fill(Path(sys.argv[1] if len(sys.argv) > 1 else "/secrets-of"))
