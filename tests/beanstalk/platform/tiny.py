"""Bundles of a few lines."""

import zipfile
from collections.abc import Mapping
from pathlib import Path

APPLICATION = """
import os
import time

def application(environ, start_response):
    path = environ["PATH_INFO"]
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)).decode()
    if path == "/slow":
        time.sleep(1.5)
    if path == "/where":
        answer = os.getcwd()
    elif path == "/colour":
        answer = os.environ.get("COLOUR", "none")
    else:
        answer = VERSION
    if body:
        with open(os.environ["NOTES"], "a") as notes:
            notes.write(f"{body} {environ.get('HTTP_X_AWS_SQSD_RECEIVE_COUNT')}\\n")
    broken = body == "poison" or path == "/red" and RED
    start_response("500 Broken" if broken else "200 OK", [("Content-Type", "text/plain")])
    return [answer.encode()]

"""
PROCFILE = "web: gunicorn --bind 127.0.0.1:8000 --workers 2 --threads 4 --worker-class gthread shop.app:application\n"


def tiny(file: Path, version: str = "one", files: Mapping[str, str] | None = None, *, red: bool = False) -> Path:
    """A bundle whose app answers its version; `red` makes it answer /red with 500."""
    every = {
        "Procfile": PROCFILE,
        "requirements.txt": "gunicorn==27.0.1\n",
        "shop/__init__.py": "",
        "shop/app.py": f"VERSION = {version!r}\nRED = {red}\n{APPLICATION}",
        "static/hello.txt": "hello from nginx\n",
        **(files or {}),
    }
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in every.items():
            archive.writestr(name, text)
    return file
