"""What nginx must know to serve a site's static files as the app would: where they are, and what may be kept."""

import hashlib
from collections.abc import Iterator, Mapping

CURRENT = "/var/app/current"
# The same words as the app's own, which answers where nginx does not.
FOR_A_YEAR = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache, max-age=0"


def nginx_maps(files: Mapping[str, bytes], app: str) -> str:
    """Two maps: $folder by $kind, and $kept by the address with its fingerprint."""
    folders = {"static": f"apps/{app}/static", "assets": "apps/chassis/static"}
    lines = [
        "# Made by the bundler.",
        "map $kind $folder {",
        *(f"    {kind} {CURRENT}/{folder};" for kind, folder in folders.items()),
        "}",
        "",
        "map $request_uri $kept {",
        f'    default "{ASK_AGAIN}";',
        *(f'    "{address}" "{FOR_A_YEAR}";' for address in sorted(_addresses(files, folders))),
        "}",
    ]
    return "\n".join(lines) + "\n"


def _addresses(files: Mapping[str, bytes], folders: Mapping[str, str]) -> Iterator[str]:
    for kind, folder in folders.items():
        for name, content in files.items():
            if name.startswith(f"{folder}/"):
                fingerprint = hashlib.sha256(content).hexdigest()[:12]
                yield f"/{kind}/{name.removeprefix(folder + '/')}?v={fingerprint}"
