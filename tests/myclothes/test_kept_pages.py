"""Pages that are kept whole for everybody: each in its language, with nothing of one visitor shown to another."""

import re

import pytest
from sqlalchemy import select

from apps.myclothes.catalog.models import Product
from apps.myclothes.catalog.pages import editions, invalidate
from tests.myclothes.shop import Shop, Visitor

LINKS = re.compile(r'<a (?!class="language")[^>]*href="(/(?:shelves|products|cart|sign-in)[^"]*)"')
PAGES = ["/", "/shelves/knitwear", "/products/everyday-crew"]


@pytest.mark.parametrize("path", PAGES)
def test_nobody_sees_the_cart_of_somebody_else(shop: Shop, visitor: Visitor, path: str) -> None:
    visitor.add("OXF-SKY-M")
    for _ in ("cold", "warm"):
        assert 'class="badge">1' in visitor.get(path).text
        assert 'class="badge"' not in shop.visitor().get(path).text


@pytest.mark.parametrize("path", PAGES)
def test_each_language_has_a_page_of_its_own(shop: Shop, path: str) -> None:
    for _ in ("cold", "warm"):
        for accepted, asked, language, kept in (
            ("en", "", "en", ""),
            ("ko-KR", "", "ko", ""),
            ("ko-KR", "?lang=en", "en", "lang=en"),
            ("en", "?lang=ko", "ko", "lang=ko"),
        ):
            response = shop.app.test_client().get(path + asked, headers={"Accept-Language": accepted})
            assert f'<html lang="{language}">' in response.text
            assert response.headers["Content-Language"] == language
            links = LINKS.findall(response.text)
            assert links
            assert all(kept in link if kept else "lang=" not in link for link in links)


def test_what_else_was_asked_for_stays_out_of_a_kept_page(visitor: Visitor) -> None:
    visitor.get("/shelves/knitwear?utm=<b>spam&lang=xx")
    page = visitor.get("/shelves/knitwear").text
    assert "spam" not in page
    assert 'href="/shelves/knitwear?lang=ko"' in page


def test_the_other_language_shows_the_same_page(visitor: Visitor) -> None:
    for path in (
        "/shelves/knitwear?colour=forest&sort=price",
        "/products/everyday-crew?colour=forest",
        "/search?q=crew",
    ):
        found = re.search(r'<a class="language" href="([^"]*)"', visitor.get(path).text)
        assert found is not None
        address = found[1].replace("&amp;", "&")
        assert address.startswith(path.partition("?")[0])
        response = visitor.get(address)
        assert response.status_code == 200
        assert '<html lang="ko">' in response.text
        assert "everyday-crew-forest.svg" in response.text or "search" in path


def test_a_page_in_answer_to_a_form_is_there_in_the_other_language(shop: Shop, visitor: Visitor) -> None:
    shown = "http://localhost/products/heavy-tee?colour=ink"
    response = visitor.post("/cart", {"product": "heavy-tee", "colour": "ink"}, Referer=shown)
    assert response.status_code == 422
    found = re.search(r'<a class="language" href="([^"]*)"', response.text)
    assert found is not None
    assert visitor.get(found[1].replace("&amp;", "&")).status_code == 200


@pytest.mark.parametrize(
    "referer", ["http://[", "http://localhost//evil.example/", "http://evil.example/", "no address"]
)
def test_no_forged_referer_leads_elsewhere_or_breaks_the_page(visitor: Visitor, referer: str) -> None:
    response = visitor.post("/cart", {"product": "heavy-tee", "colour": "ink"}, Referer=referer)
    assert response.status_code == 422
    found = re.search(r'<a class="language" href="([^"]*)"', response.text)
    assert found is not None
    assert found[1].startswith("/cart?")


def test_no_gap_is_left_in_a_page(visitor: Visitor) -> None:
    for path in PAGES:
        assert "<!--" not in visitor.get(path).text


def test_a_text_cannot_forge_a_gap_or_an_end(shop: Shop, visitor: Visitor) -> None:
    with shop.db() as db:
        crew = db.scalars(select(Product).where(Product.slug == "everyday-crew")).one()
        crew.description = "<!--doors-->\0<!--age-->"
        invalidate(shop.app.cache, [crew])
    page = visitor.get("/products/everyday-crew").text
    assert "&lt;!--doors--&gt;&lt;!--age--&gt;" in page
    assert page.count("Sign in</a>") == 1


def test_there_is_an_edition_for_each_way_to_speak() -> None:
    assert list(editions()) == ["en", "en?lang=en", "ko", "ko?lang=ko"]
