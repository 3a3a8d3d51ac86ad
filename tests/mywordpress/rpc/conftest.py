"""Programs that speak XML-RPC to a journal in this process, by the client of the standard library."""

import io
import xmlrpc.client
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from apps.mywordpress.accounts.programs import ApplicationPassword
from apps.mywordpress.accounts.roles import Role
from tests.mywordpress.conftest import Journal, user
from tests.mywordpress.people import join

ADDRESS = "/xmlrpc.php"


class Wire(xmlrpc.client.Transport):
    """To the app itself instead of through a socket."""

    def __init__(self, client: FlaskClient) -> None:
        super().__init__()
        self.client = client
        self.verbose = False

    def request(self, host: Any, handler: str, request_body: Any, verbose: bool = False) -> Any:
        answer = self.client.post(handler, data=request_body, content_type="text/xml")
        if answer.status_code != 200:
            raise xmlrpc.client.ProtocolError(handler, answer.status_code, answer.status, dict(answer.headers))
        return self.parse_response(io.BytesIO(answer.data))  # type: ignore[arg-type]


class Program:
    """A program of somebody's, with a password of its own."""

    def __init__(self, journal: Journal, name: str, password: str) -> None:
        self.name, self.password = name, password
        transport = Wire(journal.app.test_client())
        self.server = xmlrpc.client.ServerProxy(
            f"http://localhost{ADDRESS}", transport=transport, use_builtin_types=True, allow_none=True
        )

    def wp(self, method: str, *arguments: Any) -> Any:
        """A method of WordPress's: the number of the blog, name and password come first."""
        return self.call(f"wp.{method}", 1, self.name, self.password, *arguments)

    def of_post(self, method: str, post_id: Any, *arguments: Any) -> Any:
        """A method that takes the number of a post before name and password."""
        return self.call(method, post_id, self.name, self.password, *arguments)

    def keyed(self, method: str, number: Any, *arguments: Any) -> Any:
        """A method of Blogger's, with its key first."""
        return self.call(method, "key", number, self.name, self.password, *arguments)

    def call(self, method: str, *arguments: Any) -> Any:
        return getattr(self.server, method)(*arguments)

    def fault(self, method: str, *arguments: Any) -> int:
        """The number of the fault that the call comes to."""
        with pytest.raises(xmlrpc.client.Fault) as failed:
            self.call(method, *arguments)
        return failed.value.faultCode

    def wp_fault(self, method: str, *arguments: Any) -> int:
        return self.fault(f"wp.{method}", 1, self.name, self.password, *arguments)


Programs = Callable[..., Program]


@pytest.fixture
def program(journal: Journal) -> Programs:
    """Makes a program of Ann's, Bo's or Ada's, or of somebody new in a role: `program("sue", Role.EDITOR)`."""

    def make(name: str = "ann", role: Role | None = None) -> Program:
        if role is not None:
            join(journal, name.title(), role)
        with journal.writing() as db:
            _, password = ApplicationPassword.issue(db, journal.settings, user(db, name), "An editor")
        return Program(journal, name, password)

    return make


@pytest.fixture
def ann(program: Programs) -> Program:
    """A program of an author's."""
    return program("ann")


@pytest.fixture
def ada(program: Programs) -> Program:
    """A program of the administrator's."""
    return program("ada")


def sent(journal: Journal, body: bytes | str, address: str = "127.0.0.1") -> tuple[int, str]:
    """The status and text of the answer to bytes of any kind, from this network address."""
    client = journal.app.test_client()
    answer = client.post(ADDRESS, data=body, content_type="text/xml", environ_overrides={"REMOTE_ADDR": address})
    return answer.status_code, answer.text


def code_of(answer: str) -> int | None:
    """The number of the fault in an answer, None for none."""
    try:
        xmlrpc.client.loads(answer)
    except xmlrpc.client.Fault as fault:
        return int(fault.faultCode)
    return None
