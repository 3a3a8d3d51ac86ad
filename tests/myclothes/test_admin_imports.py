"""The catalogue in CSV behind the counter: looked at first, then taken over."""

import io
import re
from html import unescape

import pytest
from sqlalchemy import update
from werkzeug.test import TestResponse

from apps.myclothes.accounts.models import Customer, Role
from tests.myclothes.shop import Shop, Visitor
from tests.myclothes.test_admin import VARIANT, product_form, product_id


@pytest.fixture
def manager(shop: Shop, ada: Visitor) -> Visitor:
    with shop.db() as db:
        db.execute(update(Customer).where(Customer.email == "ada@example.org").values(role=Role.MANAGER))
    return ada


def plan(manager: Visitor, data: bytes) -> TestResponse:
    return manager.post("/admin/import/plan", {"file": (io.BytesIO(data), "catalogue.csv")})


def exported(manager: Visitor) -> str:
    return manager.get("/admin/import/catalogue.csv").text


def test_what_was_exported_changes_nothing_when_it_comes_back(manager: Visitor) -> None:
    response = manager.get("/admin/import/catalogue.csv")
    assert response.mimetype == "text/csv"
    assert "attachment" in response.headers["Content-Disposition"]
    assert "would make 0 changes" in plan(manager, response.data).text


def test_whatever_the_counter_takes_comes_back_by_a_file(shop: Shop, manager: Visitor) -> None:
    form = VARIANT | {"sku": "Crew/ink S", "price": "100000"}
    assert manager.post(f"/admin/products/{product_id(shop)}/variants", form).status_code == 303
    assert manager.post("/admin/products", product_form(shop, name="겨울 양말")).status_code == 303
    assert "would make 0 changes" in plan(manager, exported(manager).encode()).text


def test_a_file_is_shown_first_and_taken_over_then(shop: Shop, manager: Visitor) -> None:
    dearer = exported(manager).replace(",89,", ",95.5,").replace(",89.00,", ",95.50,")
    shown = plan(manager, dearer.encode())
    assert "would make 1 change." in shown.text
    assert shop.variant("OXF-SKY-M").price_cents == 8900
    text = unescape(re.findall(r"<textarea[^>]*>\n(.*?)</textarea>", shown.text, re.DOTALL)[0])
    assert manager.post("/admin/import", {"text": text}).status_code == 303
    assert shop.variant("OXF-SKY-M").price_cents == 9550
    assert "95.50" in shop.visitor().get("/products/oxford-shirt").text


def test_a_bad_line_is_named_and_nothing_is_changed(shop: Shop, manager: Visitor) -> None:
    bad = exported(manager).replace(",89,", ",much,").replace(",89.00,", ",much,")
    shown = plan(manager, bad.encode())
    assert shown.status_code == 422
    assert "Regular price" in shown.text
    assert manager.post("/admin/import", {"text": bad}).status_code == 422
    assert shop.variant("OXF-SKY-M").price_cents == 8900


@pytest.mark.parametrize("data", [b"", b"  ", b"\xff\xfe\x00", b"hello", b'\x00\x01,\n"', b"SKU\n" * 50])
def test_what_is_no_catalogue_is_422(manager: Visitor, data: bytes) -> None:
    assert plan(manager, data).status_code == 422
    assert manager.post("/admin/import", {"text": data.decode("latin-1")}).status_code == 422


def test_no_file_at_all_is_422(manager: Visitor) -> None:
    assert manager.post("/admin/import/plan").status_code == 422


def test_a_long_file_comes_back_as_it_was_shown(manager: Visitor) -> None:
    assert manager.post("/admin/import", {"text": "x" * 700_000}).status_code == 422
