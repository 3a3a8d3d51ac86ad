"""What the shop knows of somebody: told, and forgotten."""

import json

from sqlalchemy import MetaData, select, text, update

from apps.chassis.columns import now
from apps.myclothes.accounts.models import Customer, Role
from apps.myclothes.letters.models import Letter
from apps.myclothes.orders.models import Order, State
from tests.myclothes.post import PostOffice
from tests.myclothes.shop import PASSWORD, Shop, Visitor
from tests.myclothes.test_profiles import HOME


def order(shop: Shop, ada: Visitor, state: State) -> None:
    ada.add("OXF-SKY-M")
    assert ada.order().status_code == 303
    with shop.db() as db:
        db.execute(update(Order).values(state=state))


def everything_kept(shop: Shop) -> str:
    """All text in the shop's database."""
    with shop.db() as db:
        tables = MetaData()
        tables.reflect(db.connection())
        return str([db.execute(text(f'SELECT * FROM "{name}"')).all() for name in tables.tables])  # noqa: S608


def test_everything_about_somebody_is_theirs_to_download(shop: Shop, ada: Visitor) -> None:
    ada.post("/account/addresses", HOME)
    order(shop, ada, State.PLACED)
    answer = ada.get("/account/data/export")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"
    told = json.loads(answer.text)
    assert told["account"]["email"] == "ada@example.org"
    assert HOME["city"] in {address["city"] for address in told["addresses"]}
    assert [line["sku"] for line in told["orders"][0]["lines"]] == ["OXF-SKY-M"]
    assert "argon2" not in answer.text


def test_erasure_leaves_the_books_without_the_person(shop: Shop, ada: Visitor, post: PostOffice) -> None:
    other = shop.visitor()
    other.sign_in()
    ada.post("/account/addresses", HOME)
    order(shop, ada, State.DELIVERED)
    total = shop.orders()[0].total_cents
    assert ada.post("/account/data/erasure", {"current": "not the password"}).status_code == 422
    assert ada.post("/account/data/erasure", {"current": PASSWORD}).location == "/sign-in?done=erased"
    assert [visitor.get("/account").status_code for visitor in (ada, other)] == [303, 303]
    assert shop.visitor().sign_in().status_code == 422
    kept = everything_kept(shop)
    assert [word for word in ("ada@", "Ada", "Lovelace", "James's") if word in kept] == []
    assert shop.orders()[0].total_cents == total
    # Somebody new may have the address.
    assert shop.visitor().sign_up().status_code == 303


def test_what_they_ordered_as_a_guest_is_theirs_however_they_spelt_their_address(shop: Shop, ada: Visitor) -> None:
    guest = shop.visitor()
    guest.add("OXF-SKY-M")
    # As a phone writes what begins a field.
    assert guest.order(guest.checkout_form(email="Ada@Example.org")).status_code == 303
    with shop.db() as db:
        db.execute(update(Customer).values(confirmed_at=now()))
        db.execute(update(Order).values(state=State.DELIVERED))
    assert len(json.loads(ada.get("/account/data/export").text)["orders"]) == 1
    assert ada.post("/account/data/erasure", {"current": PASSWORD}).status_code == 303
    kept = everything_kept(shop)
    assert [word for word in ("Ada", "Lovelace", "James's") if word in kept] == []


def test_letters_to_somebody_who_is_forgotten_are_not_sent(shop: Shop, ada: Visitor, post: PostOffice) -> None:
    ada.post("/account/data/erasure", {"current": PASSWORD})
    with shop.db() as db:
        erased = db.scalars(select(Customer)).one().email
        late = Letter.owe(db, "receipt", "7", erased, "en").id
    assert post.job("send_letter", letter_id=late).status_code == 200
    assert post.mails() == []
    with shop.db() as db:
        assert all(letter.refused_at for letter in db.scalars(select(Letter)))


def test_what_is_on_its_way_needs_its_address(shop: Shop, ada: Visitor) -> None:
    order(shop, ada, State.PLACED)
    for state in (State.PLACED, State.PAID, State.PACKED, State.SHIPPED):
        with shop.db() as db:
            db.execute(update(Order).values(state=state))
        answer = ada.post("/account/data/erasure", {"current": PASSWORD})
        assert answer.status_code == 409
        assert "still on its way" in answer.text
    assert ada.get("/account").status_code == 200
    assert shop.orders()[0].email == "ada@example.org"


def test_who_looks_after_the_shop_is_not_erased(shop: Shop, ada: Visitor) -> None:
    with shop.db() as db:
        db.execute(update(Customer).values(role=Role.CLERK))
    assert ada.post("/account/data/erasure", {"current": PASSWORD}).status_code == 409
