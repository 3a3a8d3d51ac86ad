"""The API's description and its documentation: complete, in step with what is served, and browsable without scripts."""

import json
import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from apps.whatisthetime import zones
from apps.whatisthetime.api.addresses import ADDRESSES, Address
from apps.whatisthetime.api.openapi import document

BY_NAME = {address.name: address for address in ADDRESSES}
ASKED = [address for address in ADDRESSES if address.name != "stream"]
FOR_PEOPLE = {"/api/try/<name>", "/api/<path:rest>"}


def page(client: FlaskClient) -> str:
    answer = client.get("/api", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.mimetype, answer.headers["Cache-Control"]) == (200, "text/html", "no-store")
    return answer.text


def test_every_address_below_api_is_described(client: FlaskClient) -> None:
    rules = {rule.rule for rule in client.application.url_map.iter_rules() if rule.rule.startswith("/api")}
    described = {re.sub(r"\{\w+\}", "x", path) for path in BY_NAME_PATHS}
    missing = {rule for rule in rules - FOR_PEOPLE if not described & forms(rule)}
    assert missing == set()


BY_NAME_PATHS = [address.path for address in ADDRESSES]


def forms(rule: str) -> set[str]:
    """A rule with its variable parts filled in; a path may have up to three."""
    return {re.sub(r"<[^>]+>", filling, rule) for filling in ("x", "x/x", "x/x/x")}


@pytest.mark.parametrize("address", ASKED, ids=lambda address: address.name)
def test_every_example_gets_the_answer_that_is_described(client: FlaskClient, address: Address) -> None:
    answer = client.get(address.example, headers={"Accept": address.media[0]})
    described: Any = document()["paths"]
    told = described[address.path]["get"]["responses"][str(answer.status_code)]
    assert answer.mimetype in told["content"]
    assert (answer.status_code == 200) == (address.answer is not None)
    for name in told["headers"]:
        assert name in answer.headers


def test_the_description_may_be_kept_but_is_asked_about(client: FlaskClient) -> None:
    first = client.get("/api/openapi.json")
    assert (first.get_json()["openapi"], first.headers["Cache-Control"]) == ("3.1.0", "no-cache")
    again = client.get("/api/openapi.json", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_every_reference_leads_to_a_shape() -> None:
    text, components = json.dumps(document()), document()["components"]
    assert isinstance(components, dict)
    for kind, name in re.findall(r"#/components/(\w+)/([\w-]+)", text):
        shapes: Any = components[kind]
        assert name in shapes


def test_programs_get_the_addresses_and_people_a_page(client: FlaskClient) -> None:
    assert client.get("/api").get_json()["/api/convert"] == "A wall time in other zones"
    assert "/api/convert: A wall time in other zones" in client.get("/api", headers={"Accept": "text/plain"}).text
    assert "<h1>API</h1>" in page(client)


def test_the_page_shows_answers_of_this_moment(client: FlaskClient) -> None:
    text = page(client)
    assert text.count("<article") == len([address for address in ADDRESSES if not address.path.endswith(".txt")])
    assert "&#34;timezone&#34;: &#34;Europe/London&#34;" in text
    assert f"&#34;edition&#34;: &#34;{zones.edition()}&#34;" in text
    assert "&#34;error&#34;: &#34;no geography database&#34;" in text


@pytest.mark.parametrize(
    ("form", "address"),
    [
        ("transitions?zone=Asia/Seoul&from=1988&until=", "/api/transitions/Asia/Seoul?from=1988"),
        ("convert?from=UTC&to=Asia/Seoul,UTC&time=2026-01-01T00:00", None),
        ("zone?area=Asia&location=Seoul", "/api/timezone/Asia/Seoul"),
        ("zone?area=/evil.example&location=%3Fx", "/api/timezone//evil.example/%3Fx"),
        ("moment?zone=Etc/GMT%2B5&time=2026-01-01T00:00%2B09:00", None),
        ("transitions?zone=", "/api/transitions/America/New_York"),
    ],
)
def test_a_form_leads_to_the_address_that_it_fills_in(client: FlaskClient, form: str, address: str | None) -> None:
    answer = client.get(f"/api/try/{form}")
    assert answer.status_code == 302
    assert answer.headers["Location"] == (address or f"/api/{form}")


def test_there_is_no_form_for_what_is_not_there(client: FlaskClient) -> None:
    assert client.get("/api/try/nothing").get_json() == {"error": "not found"}
