"""The language of an answer: who decides it, how long a choice lasts, and what says so."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Blueprint, render_template_string, url_for
from flask.testing import FlaskClient

from apps.chassis.languages import gettext as _
from apps.chassis.languages import language, ngettext, with_lang
from tests.chassis.tiny import SITE, tiny_app

PAGE = """{% extends "chassis/base.html" %}{% block main %}<form>{{ lang_field() }}</form>
<a class="next" href="{{ url_for('spoken.index', page=2) }}">{{ _("50%% of %(name)s", name="<b>") }}</a>
<a class="data" href="{{ url_for('spoken.data') }}"></a>{% endblock %}"""


def views() -> Sequence[Blueprint]:
    blueprint = Blueprint("spoken", __name__)

    @blueprint.get("/")
    def index() -> str:
        return render_template_string(PAGE)

    @blueprint.get("/plain")
    def plain() -> str:
        return "12:00"

    @blueprint.get("/api/data")
    @blueprint.get("/topic/feed/", endpoint="feed")
    def data() -> dict[str, str]:
        return {"language": language(), "home": url_for("spoken.index"), "hand": with_lang("/?a=b")}

    return [blueprint]


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    """A visitor of a site in English and Korean."""
    site = replace(SITE, blueprints=views, languages=("en", "ko"), programs=("/api/",), feeds=("/feed/",))
    return tiny_app(tmp_path, site).test_client()


@pytest.mark.parametrize(
    ("address", "reads", "shown"),
    [
        ("/", "", "en"),
        ("/", "ko", "ko"),
        ("/", "ko-KR;q=0.9, en;q=0.8", "ko"),
        ("/", "en;q=0.9, ko-KR", "ko"),
        ("/", "fr, ko;q=0", "en"),
        ("/", "fr, *;q=0.5", "en"),
        ("/?lang=ko", "en", "ko"),
        ("/?lang=en", "ko", "en"),
        ("/?lang=fr", "ko", "ko"),
        ("/nowhere?lang=ko", "en", "ko"),
    ],
)
def test_the_address_decides_before_the_browser(client: FlaskClient, address: str, reads: str, shown: str) -> None:
    answer = client.get(address, headers={"Accept": "text/html", "Accept-Language": reads})
    assert f'<html lang="{shown}">' in answer.text
    assert answer.headers["Content-Language"] == shown
    assert ("Accept-Language" in answer.headers.get("Vary", "")) == ("lang" not in address or "fr" in address)


def test_a_choice_stays_in_the_links_to_pages_alone(client: FlaskClient) -> None:
    page = client.get("/?lang=ko").text
    assert 'class="next" href="/?page=2&amp;lang=ko"' in page
    assert '<input type="hidden" name="lang" value="ko">' in page
    assert 'class="data" href="/api/data"' in page
    assert "/assets/base.css?v=" in page
    assert "base.css?lang" not in page
    unasked = client.get("/", headers={"Accept-Language": "ko"}).text
    assert 'class="next" href="/?page=2"' in unasked
    assert "<input" not in unasked


def test_a_page_leads_to_itself_in_the_other_language(client: FlaskClient) -> None:
    page = client.get("/?lang=en&page=2&q=%22%3E%3Cb%3E").text
    assert '<a class="language" href="?page=2&amp;q=%22%3E%3Cb%3E&amp;lang=ko" lang="ko" hreflang="ko"' in page
    assert ">한국어</a>" in page
    assert 'hreflang="ko" href="http://localhost/?page=2&amp;q=%22%3E%3Cb%3E&amp;lang=ko"' in page
    assert 'hreflang="x-default" href="http://localhost/?page=2&amp;q=%22%3E%3Cb%3E"' in page


def test_an_error_is_told_in_the_language_of_the_page(client: FlaskClient) -> None:
    page = client.get("/nowhere", headers={"Accept": "text/html", "Accept-Language": "ko"}).text
    assert "<h1>찾을 수 없음</h1>" in page
    assert "이 주소에는 아무것도 없습니다." in page
    assert 'rel="alternate" hreflang="x-default"' not in page
    program = client.get("/nowhere", headers={"Accept": "application/json", "Accept-Language": "ko"})
    assert program.json is not None
    assert program.json["error"]["title"] == "Not Found"


@pytest.mark.parametrize("path", ["/api/data", "/topic/feed/"])
def test_programs_are_answered_in_english_unless_they_ask(client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers={"Accept-Language": "ko"})
    assert answer.json == {"language": "en", "home": "/", "hand": "/?a=b"}
    assert "Vary" not in answer.headers
    asked = client.get(f"{path}?lang=ko")
    assert asked.json == {"language": "ko", "home": "/?lang=ko", "hand": "/?a=b&lang=ko"}


def test_an_answer_without_words_is_in_no_language(client: FlaskClient) -> None:
    answer = client.get("/plain", headers={"Accept-Language": "ko"})
    assert not {"Content-Language", "Vary"} & set(answer.headers.keys())


def test_what_is_filled_in_is_text(client: FlaskClient) -> None:
    assert "50% of &lt;b&gt;" in client.get("/").text
    assert _("%(share)d%% of %(name)s", share=50, name="<b>") == "50% of <b>"
    assert [ngettext("%(num)d zone", "%(num)d zones", number) for number in (0, 1, 2)] == [
        "0 zones",
        "1 zone",
        "2 zones",
    ]


def test_a_site_of_one_language_neither_chooses_nor_varies(tmp_path: Path) -> None:
    answer = (
        tiny_app(tmp_path)
        .test_client()
        .get("/nowhere?lang=ko", headers={"Accept": "text/html", "Accept-Language": "ko"})
    )
    assert '<html lang="en">' in answer.text
    assert not {"Content-Language", "Vary"} & set(answer.headers.keys())
    assert "lang=ko" not in answer.text
