"""A client of the API as programs have one: JSON, Basic authentication, no cookies."""

from base64 import b64encode
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from apps.chassis import passwords
from apps.mywordpress.accounts.models import User
from apps.mywordpress.accounts.programs import ApplicationPassword
from apps.mywordpress.accounts.roles import Role
from tests.mywordpress.conftest import Journal

V2 = "/wp-json/wp/v2"
_hashed: list[str] = []


class Program:
    """Somebody's program, or with no user anybody's."""

    def __init__(self, journal: Journal, name: str = "") -> None:
        self.client: FlaskClient = journal.app.test_client(use_cookies=False)
        self.headers: dict[str, str] = {}
        if name:
            with journal.writing() as db:
                user = User.with_email(db, f"{name}@example.com")
                assert user is not None
                _, password = ApplicationPassword.issue(db, journal.settings, user, "A program")
            self.headers["Authorization"] = f"Basic {b64encode(f'{name}:{password}'.encode()).decode()}"

    def ask(self, method: str, path: str, **more: Any) -> Any:
        headers = {**self.headers, **more.pop("headers", {})}
        where = path if path.startswith(("/wp-json", "/?")) else V2 + path
        return self.client.open(where, method=method, headers=headers, **more)

    def get(self, path: str, **headers: str) -> Any:
        return self.ask("GET", path, headers=headers)

    def post(self, path: str, **sent: Any) -> Any:
        return self.ask("POST", path, json=sent)

    def put(self, path: str, **sent: Any) -> Any:
        return self.ask("PUT", path, json=sent)

    def delete(self, path: str) -> Any:
        return self.ask("DELETE", path)

    def made(self, path: str, **sent: Any) -> Any:
        """What was made, once it is."""
        answer = self.post(path, **sent)
        assert answer.status_code == 201, answer.text
        return answer.json

    def shown(self, path: str) -> Any:
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json


def code(answer: TestResponse) -> tuple[int, str]:
    """The status and the code of an error, whose body tells the same status."""
    body: Any = answer.json
    assert set(body or ()) == {"code", "message", "data"}, answer.text
    assert body["data"]["status"] == answer.status_code
    return answer.status_code, body["code"]


def add(journal: Journal, name: str, role: Role) -> None:
    """One more person, without the time it takes to hash a password."""
    if not _hashed:
        _hashed.append(passwords.hash("a long enough password"))
    with journal.writing() as db:
        User.add(db, email=f"{name}@example.com", name=name.title(), password_hash=_hashed[0], role=role)


@pytest.fixture
def stranger(journal: Journal) -> Program:
    return Program(journal)


@pytest.fixture
def ann(journal: Journal) -> Program:
    """An author's program."""
    return Program(journal, "ann")


@pytest.fixture
def ada(journal: Journal) -> Program:
    """An administrator's program."""
    return Program(journal, "ada")


@pytest.fixture
def programs(journal: Journal) -> Callable[[Role], Program]:
    """The program of somebody new of a role."""

    def of(role: Role) -> Program:
        add(journal, role.value, role)
        return Program(journal, role.value)

    return of
