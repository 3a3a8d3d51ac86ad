"""Every page in both languages: the choice goes along, and the page says what it is in."""

import re
from html import unescape
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

PAGES = (
    "/",
    "/?zone=Asia/Seoul",
    "/world",
    "/zones",
    "/zones/America/New_York",
    "/zones/No/Such",
    "/search",
    "/search?q=IST",
    "/convert?from=America/New_York&time=2026-11-01T01:30&to=Asia/Seoul",
    "/meet?zones=Asia/Seoul,Europe/London",
    "/api",
    "/whoami",
    "/nowhere",
)
FOR_PROGRAMS = ("/api/", "/static/", "/assets/")


@pytest.mark.parametrize("page", PAGES)
def test_a_choice_of_language_goes_along_with_every_link_and_form(client: FlaskClient, page: str) -> None:
    # The documentation shows addresses as programs ask for them.
    shown = re.sub(r"<article.*?</article>", "", in_language(client, page, "ko"), flags=re.DOTALL)
    links = {unescape(link) for link in re.findall(r'<a [^>]*?href="(/[^"]*)"', shown)}
    to_pages = {link for link in links if not link.startswith(FOR_PROGRAMS)}
    assert {link for link in to_pages if "lang=ko" not in urlsplit(link).query} == set()
    assert {link for link in links - to_pages if "lang=" in link} == set()
    for form in re.findall(r"<form.*?</form>", shown, re.DOTALL):
        assert '<input type="hidden" name="lang" value="ko">' in form


@pytest.mark.parametrize("page", PAGES)
def test_a_page_says_its_language_and_leads_to_the_other(client: FlaskClient, page: str) -> None:
    for language, other, name in (("ko", "en", "English"), ("en", "ko", "한국어")):
        shown = in_language(client, page, language)
        assert f'<html lang="{language}">' in shown
        assert re.search(rf'<a class="language" href="\?[^"]*lang={other}" lang="{other}"[^>]*>{name}</a>', shown)


def test_korean_pages_are_korean(client: FlaskClient) -> None:
    for page in PAGES:
        title = re.search(r"<h1.*?</h1>", in_language(client, page, "ko"), re.DOTALL)
        assert title
        assert page == "/api" or re.search("[가-힣]", title[0]), page


def in_language(client: FlaskClient, page: str, language: str) -> str:
    address = f"{page}{'&' if '?' in page else '?'}lang={language}"
    answer = client.get(address, headers={"Accept": "text/html"})
    assert answer.headers["Content-Language"] == language
    return answer.text
