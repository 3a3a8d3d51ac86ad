"""A journal in this process: its app over an embedded or a served database, its worker, and who comes to it."""

import io
import itertools
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from apps.chassis import passwords
from apps.chassis.app import Application, create_app, create_worker, open_database
from apps.chassis.jobs import Message
from apps.chassis.migrations import migrate
from apps.chassis.settings import Settings
from apps.chassis.sqlite import path_of
from apps.chassis.transactions import transaction
from apps.mywordpress import SITE
from apps.mywordpress.accounts.models import User
from apps.mywordpress.accounts.roles import Role
from apps.mywordpress.posts.models import Content, Post
from tests.support.copies import Copied, copied, paste
from tests.support.drawings import picture

ORIGIN = "http://localhost"
PASSWORD = "a long enough password"
_numbers = itertools.count(1)


class Visitor:
    """A browser as a site's views see it: same-origin headers, cookies, no scripts."""

    def __init__(self, app: Application) -> None:
        self.client: FlaskClient = app.test_client()

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.client.get(path, headers=headers, buffered=True)

    def post(self, path: str, *, accept: str = "text/html", **form: Any) -> TestResponse:
        headers = {"Sec-Fetch-Site": "same-origin", "Accept": accept}
        boundary, body = encode_multipart(form)
        content_type = f'multipart/form-data; boundary="{boundary}"'
        return self.client.post(path, data=body, headers=headers, content_type=content_type)

    def sign_in(self, email: str = "ann@example.com", password: str = PASSWORD) -> TestResponse:
        return self.post("/sign-in", email=email, password=password)


class Journal:
    """The site with its data: an author Ann, another named Bo, and an administrator Ada."""

    def __init__(self, settings: Settings) -> None:
        fill(settings)
        self.settings = settings
        self.app = create_app(settings, SITE)

    @cached_property
    def worker(self) -> Application:
        return create_worker(replace(self.settings, worker=True), SITE)

    def writing(self) -> Any:
        """A transaction, as of a job or a command."""
        assert self.app.database is not None
        return transaction(self.app.database)

    def visitor(self) -> Visitor:
        return Visitor(self.app)

    def author(self, email: str = "ann@example.com") -> Visitor:
        visitor = self.visitor()
        assert visitor.sign_in(email).status_code == 303
        return visitor

    def post(self, title: str = "A title", body: str = "Some words.", *, published: bool = True) -> Post:
        """A post of Ann's."""
        with self.writing() as db:
            post = Post.draft(db, user(db), Content.of(title, body))
            if published:
                post.publish(db)
        return post

    def work(self, job: str, **arguments: Any) -> None:
        """Do a job as the worker does when its daemon posts it."""
        self.deliver("/", Message.new(job, arguments).encode())

    def tick(self, cadence: str) -> None:
        self.deliver(cadence, "")

    def deliver(self, path: str, body: str) -> None:
        headers = {"User-Agent": "aws-sqsd/3.0", "X-Aws-Sqsd-Msgid": f"message-{next(_numbers)}"}
        response = self.worker.test_client().post(path, data=body, headers=headers)
        assert response.status_code == 200, response.text

    def close(self) -> None:
        for app in (self.app, *([self.worker] if "worker" in vars(self) else [])):
            assert app.database is not None
            app.database.dispose()
            for backend in (app.session_store, app.cache, app.queue):
                getattr(backend, "close", lambda: None)()


def fill(settings: Settings) -> None:
    """Migrate and add the people; done once for all tests, since that takes longer than most of them."""
    if not settings.database_url.startswith("sqlite"):
        if _served:
            paste(settings.database_url, _served)
        else:
            migrate_and_people(settings)
            _served.extend(copied(settings.database_url))
        return
    file = path_of(settings.database_url)
    if not _filled:
        migrate_and_people(settings)
        _filled.append(file.read_bytes())
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(_filled[0])


_served: list[Copied] = []
_filled: list[bytes] = []


def migrate_and_people(settings: Settings) -> None:
    migrate(SITE, settings)
    database = open_database(SITE, settings)
    assert database is not None
    hashed = passwords.hash(PASSWORD)
    with transaction(database) as db:
        for name, role in (("ann", Role.AUTHOR), ("bo", Role.AUTHOR), ("ada", Role.ADMINISTRATOR)):
            User.add(db, email=f"{name}@example.com", name=name.title(), password_hash=hashed, role=role)
    # The last connection that closes takes the write-ahead log into the file.
    database.dispose()


def user(db: Session, name: str = "ann") -> User:
    found = User.with_email(db, f"{name}@example.com")
    assert found is not None
    return found


def file(data: bytes | None = None, name: str = "holiday.jpg") -> FileStorage:
    """A file as a form sends it."""
    return FileStorage(io.BytesIO(picture() if data is None else data), name)


def notice(response: TestResponse) -> str:
    """What a page says in its notices and errors, as text."""
    parts = re.findall(
        r'class="(?:notice|field__error|error-page__detail)[^"]*"[^>]*>(.*?)</(?:div|p)>', response.text, re.S
    )
    return " ".join(re.sub(r"<[^>]+>", " ", part).strip() for part in parts)


@pytest.fixture
def kind() -> str:
    """The kind of database; `over_both` makes a test run over each."""
    return "sqlite"


over_both = pytest.mark.parametrize("kind", ["sqlite", "mysql"])


@pytest.fixture
def database_url(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A new database of that kind."""
    if kind == "sqlite":
        return f"sqlite:///{tmp_path}/database.sqlite3"
    server = request.getfixturevalue("mariadb")
    name = f"journal_{next(_numbers)}"
    server.create(name)
    url: str = server.url(name)
    return url


@pytest.fixture
def environ() -> dict[str, str]:
    """What a test module wants to be different."""
    return {}


@pytest.fixture
def journal(tmp_path: Path, database_url: str, environ: dict[str, str]) -> Iterator[Journal]:
    settings = {"APP": "mywordpress", "VAR_DIR": str(tmp_path), "DATABASE_URL": database_url, "SHOW_ARCHITECTURE": "1"}
    site = Journal(Settings.from_environ(settings | environ))
    yield site
    site.close()
