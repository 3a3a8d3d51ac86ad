"""What served an answer, told to people and to programs alike."""

import os
import re

import pytest
from flask.testing import FlaskClient

from apps.chassis.app import Application, create_app
from apps.chassis.settings import Settings

PLACE = {
    "INSTANCE_ID": "i-0123456789abcdef0",
    "AVAILABILITY_ZONE": "ap-northeast-2a",
    "AWS_REGION": "ap-northeast-2",
    "PRIVATE_IP": "10.0.1.17",
    "PUBLIC_IP": "203.0.113.9",
}


@pytest.fixture
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """Somebody who asks an instance that knows where it is."""
    environ = {"APP": "whatisthetime", "VAR_DIR": str(tmp_path_factory.mktemp("var")), **PLACE}
    return create_app(Settings.from_environ(environ)).test_client()


@pytest.mark.parametrize("accept", ["*/*", "application/json", "text/plain;q=0", "application/json, text/plain, */*"])
def test_a_program_is_told_what_served_it(client: FlaskClient, accept: str) -> None:
    answer = client.get("/whoami", headers={"Accept": accept})
    own = {"source": "settings", "process": os.getpid(), "app": "whatisthetime", "tier": "web"}
    assert answer.get_json() == {name.removeprefix("AWS_").lower(): value for name, value in PLACE.items()} | own
    assert (answer.headers["Cache-Control"], answer.headers["Vary"]) == ("no-store", "Accept")


def test_a_person_is_shown_the_same(client: FlaskClient) -> None:
    page = client.get("/whoami", headers={"Accept": "text/html,*/*;q=0.8"}).text
    for value in PLACE.values():
        assert f"<code>{value}</code>" in page


def test_lines_are_for_whom_asks_for_text(client: FlaskClient) -> None:
    answer = client.get("/whoami", headers={"Accept": "text/plain"})
    assert answer.mimetype == "text/plain"
    assert "availability_zone: ap-northeast-2a\n" in answer.text


def test_what_has_no_value_is_told_in_korean_on_the_page_alone(site: Application) -> None:
    client = site.test_client()
    page = client.get("/whoami?lang=ko", headers={"Accept": "text/html"}).text
    rows = re.findall(r"<td>(?:<code>)?([^<]*)", page)
    assert {"로컬", "없음", "호스트 이름", "웹"} <= set(rows)
    assert not {"local", "none", "hostname", "web"} & set(rows)
    assert client.get("/whoami?lang=ko").get_json()["public_ip"] == "none"
