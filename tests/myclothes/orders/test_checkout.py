"""Check out as a guest or with an account, and find the order again."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import update

from apps.chassis.columns import now
from apps.myclothes.catalog.models import Product
from apps.myclothes.letters.models import Letter
from apps.myclothes.orders import states
from apps.myclothes.orders.coupons import Coupon, Kind
from apps.myclothes.orders.models import Order, State
from tests.myclothes.post import PostOffice, content
from tests.myclothes.shop import Shop, Visitor
from tests.support.apps import close

GUEST = "guest@example.org"


@pytest.fixture
def office(shop: Shop) -> Iterator[PostOffice]:
    office = PostOffice(shop)
    yield office
    close(office.worker)


def order_as_guest(visitor: Visitor) -> str:
    """The address of the guest's payment page."""
    visitor.add("OXF-SKY-M")
    response = visitor.order(visitor.checkout_form(email=GUEST))
    assert response.status_code == 303
    assert response.location is not None
    return response.location


def coupon(shop: Shop, code: str, percent: int) -> None:
    with shop.db() as db:
        db.add(Coupon(code=code, kind=Kind.PERCENT, amount=percent, minimum_cents=0, used=0, created_at=now()))


def test_a_guest_orders_and_comes_back_by_the_key_alone(shop: Shop, visitor: Visitor) -> None:
    location = order_as_guest(visitor)
    (order,) = shop.orders()
    assert re.fullmatch(rf"/orders/{order.number}/payment\?key=[\w-]+", location)
    assert (order.customer_id, order.email) == (None, GUEST)
    page = location.replace("/payment", "")
    assert order.number in shop.visitor().get(page).text
    # The first letter, since the last one of a signature carries bits that nobody reads.
    path, key = page.split("=")
    assert shop.visitor().get(f"{path}={'A' if key[0] != 'A' else 'B'}{key[1:]}").status_code == 303
    assert shop.visitor().get(f"/orders/{order.number}").location.startswith("/sign-in")


def test_whoever_is_signed_out_in_the_middle_is_led_to_the_sign_in_and_back(shop: Shop, ada: Visitor) -> None:
    ada.add("OXF-SKY-M")
    form = ada.checkout_form()
    ada.post("/sign-out")
    for response in (ada.order(form), ada.post("/checkout/quotation", form)):
        assert response.location == "/sign-in?next=/checkout&done=ended"
    assert "You are signed out meanwhile." in ada.get(response.location).text
    assert ada.sign_in(next="/checkout").location == "/checkout"
    assert ada.get("/sign-in?next=/checkout").location == "/checkout"
    assert "Oxford shirt" in ada.get("/checkout").text


def test_delivery_of_nothing_is_not_offered(shop: Shop, visitor: Visitor) -> None:
    visitor.add("OXF-SKY-M")
    form = visitor.checkout_form(email=GUEST)
    with shop.db() as db:
        db.execute(update(Product).values(published=False))
    for response in (visitor.get("/checkout"), visitor.post("/checkout/quotation", form), visitor.order(form)):
        assert response.status_code == 409
        assert "There is nothing in your cart to order." in response.text
        assert "Place order" not in response.text


def test_the_news_is_where_the_answer_begins(shop: Shop, visitor: Visitor) -> None:
    visitor.add("OXF-SKY-M")
    form = visitor.checkout_form(email=GUEST)
    asked = visitor.post("/checkout/quotation", form).text
    assert re.search(r"<title>Total €\S+ · Check out", asked)
    assert asked.count("autofocus") == 1
    assert re.search(r'<section class="sum"[^>]* autofocus>', asked)
    wrong = visitor.post("/checkout/quotation", form | {"city": ""}).text
    assert "<title>Error: Check out" in wrong
    assert wrong.count("autofocus") == 1
    assert re.search(r'role="alert"[^>]* autofocus>', wrong)


def test_a_key_opens_no_other_order(shop: Shop, visitor: Visitor, ada: Visitor) -> None:
    key = order_as_guest(visitor).partition("?")[2]
    ada.add("OXF-SKY-M")
    other = ada.order().location.removesuffix("/payment")
    assert visitor.get(f"{other}?{key}").status_code == 303


def test_a_made_up_key_opens_nothing(shop: Shop, visitor: Visitor) -> None:
    order_as_guest(visitor)
    for key in ("", "x" * 5000, "ключ", "%00", "..", "a.b.c"):
        assert shop.visitor().get(f"/orders/{shop.orders()[0].number}?key={key}").status_code == 303


def test_a_guest_needs_an_address_for_mail(shop: Shop, visitor: Visitor) -> None:
    visitor.add("OXF-SKY-M")
    form = visitor.checkout_form(email=GUEST)
    for email in ("", "nobody", "a@b", "x" * 300 + "@example.org"):
        assert visitor.order(form | {"email": email}).status_code == 422
    assert shop.orders() == []


def test_the_total_is_shown_line_by_line_before_anything_is_ordered(shop: Shop, visitor: Visitor) -> None:
    visitor.add("OXF-SKY-M")
    assert "Show the total" in visitor.get("/checkout").text
    page = visitor.post("/checkout/quotation", visitor.checkout_form(email=GUEST, method="express")).text
    for shown in ("Delivery to Germany", "€9.90", "€98.90", "of which VAT", "€15.79", "Place order and pay"):
        assert shown in page
    assert shop.orders() == []


def test_another_country_than_was_seen_is_another_total(shop: Shop, visitor: Visitor) -> None:
    visitor.add("OXF-SKY-M")
    response = visitor.order(visitor.checkout_form(email=GUEST) | {"country": "KR"})
    assert response.status_code == 409
    assert "€95.71" in response.text
    assert shop.orders() == []


def test_a_form_whose_total_was_not_shown_shows_it(shop: Shop, visitor: Visitor) -> None:
    visitor.add("OXF-SKY-M")
    for blank in ("", " "):
        response = visitor.order(visitor.checkout_form(email=GUEST) | {"seen_cents": blank})
        assert response.status_code == 200
        assert "Place order and pay" in response.text
    assert shop.orders() == []


def test_asking_for_the_answer_to_a_form_leads_to_the_form(visitor: Visitor) -> None:
    assert visitor.get("/checkout/quotation").location == "/checkout"


def test_a_coupon_is_told_in_the_sum_and_a_wrong_one_at_its_field(shop: Shop, visitor: Visitor) -> None:
    coupon(shop, "SPRING", 10)
    visitor.add("OXF-SKY-M")
    form = visitor.checkout_form(email=GUEST, code="spring")
    assert "−€8.90" in visitor.post("/checkout/quotation", form).text
    assert visitor.order(form).status_code == 303
    visitor.add("OXF-SKY-M")
    response = visitor.post("/checkout/quotation", visitor.checkout_form(email=GUEST, code="AUTUMN"))
    assert response.status_code == 422
    assert "We do not know this code." in response.text


def test_an_order_that_costs_nothing_is_paid_at_once(shop: Shop, visitor: Visitor, office: PostOffice) -> None:
    coupon(shop, "ALL", 100)
    shop.set_stock("CREW-FOR-S", 3)
    visitor.add("CREW-FOR-S")
    response = visitor.order(visitor.checkout_form(email=GUEST, code="ALL"))
    (order,) = shop.orders()
    assert (order.total_cents, order.state) == (0, State.PAID)
    assert response.location.startswith(f"/orders/{order.number}?key=")
    with shop.db() as db:
        assert db.query(Letter).one().kind == "receipt"


def test_an_address_is_kept_only_if_asked_and_offered_again(shop: Shop, ada: Visitor) -> None:
    ada.add("OXF-SKY-M")
    ada.order(ada.checkout_form(city="Potsdam", keep="y"))
    ada.add("OXF-SKY-M")
    ada.order(ada.checkout_form(city="Dresden"))
    ada.add("OXF-SKY-M")
    page = ada.get("/checkout").text
    assert "Potsdam" in page
    assert "Dresden" not in page


def test_an_address_that_is_not_in_the_book_is_not_used(ada: Visitor) -> None:
    ada.add("OXF-SKY-M")
    for address in ("x", "-1", "99999999999999999999", "1' OR 1=1", ""):
        assert ada.get(f"/checkout?address={address}").status_code == 200


def test_a_guest_finds_an_order_by_its_number_and_address(shop: Shop, visitor: Visitor) -> None:
    order_as_guest(visitor)
    number = shop.orders()[0].number
    for spelt in (number, number.lower(), number.replace("-", " ")):
        response = shop.visitor().post("/track", {"number": spelt, "email": GUEST.upper()})
        assert response.status_code == 303
        assert number in shop.visitor().get(response.location).text


@pytest.mark.usefixtures("one_window")
def test_tracking_answers_the_same_for_a_wrong_number_and_a_wrong_address(shop: Shop, visitor: Visitor) -> None:
    order_as_guest(visitor)
    number = shop.orders()[0].number
    wrong = [
        visitor.post("/track", {"number": number, "email": "bob@example.org"}),
        visitor.post("/track", {"number": "22222-22222", "email": GUEST}),
        visitor.post("/track", {"number": "\x00%" + "x" * 30, "email": GUEST}),
    ]
    assert [answer.status_code for answer in wrong] == [422] * 3
    told = [re.sub(r'value="[^"]*"', "", answer.text) for answer in wrong]
    assert told[0] == told[1] == told[2]
    assert [visitor.post("/track", {"number": number, "email": GUEST}).status_code for _ in range(12)][-1] == 429


def test_letters_follow_an_order_in_its_language(shop: Shop, visitor: Visitor, office: PostOffice) -> None:
    order_as_guest(visitor)
    move(shop, states.pay)
    move(shop, lambda db, order: states.advance(order, State.PACKED, db))
    move(shop, lambda db, order: states.ship(db, order, "PARCEL 7", "clerk@example.org"))
    send(shop, office)
    receipt, shipped = office.mails()
    for kind in ("plain", "html"):
        for shown in (shop.orders()[0].number, "Oxford shirt", "€4.90", "€93.90", "€14.99", "Berlin", "Germany"):
            assert shown in content(receipt, kind)
        assert "PARCEL 7" in content(shipped, kind)


@pytest.mark.parametrize(("paid", "told"), [(False, "Nothing was charged"), (True, "on its way back")])
def test_a_cancelled_order_is_told(shop: Shop, visitor: Visitor, office: PostOffice, paid: bool, told: str) -> None:
    order_as_guest(visitor)
    if paid:
        move(shop, states.pay)
    move(shop, lambda db, order: states.cancel(db, order, GUEST, ""))
    send(shop, office)
    assert told in content(office.mails()[-1], "plain")


def test_a_paid_order_without_a_receipt_gets_one(shop: Shop, visitor: Visitor, office: PostOffice) -> None:
    order_as_guest(visitor)
    with shop.db() as db:
        db.execute(update(Order).values(state=State.PAID, paid_at=now()))
    for _ in range(2):
        assert office.post("/every/minute").status_code == 200
    with shop.db() as db:
        assert [letter.kind for letter in db.query(Letter)] == ["receipt"]


def test_the_history_goes_back_page_by_page(shop: Shop, ada: Visitor) -> None:
    for _ in range(11):
        shop.set_stock("OXF-SKY-M", 1)
        ada.add("OXF-SKY-M")
        assert ada.order().status_code == 303
    first = ada.get("/account").text
    older = re.search(r"/account\?before=\d+", first)
    assert older
    second = ada.get(older[0]).text
    numbers = [order.number for order in shop.orders()]
    assert [number in first for number in numbers] == [True] * 10 + [False]
    assert numbers[-1] in second
    assert ada.get("/account?before=x").status_code == 200


def move(shop: Shop, step: object) -> None:
    with shop.db() as db:
        assert callable(step)
        assert step(db, db.query(Order).one())


def send(shop: Shop, office: PostOffice) -> None:
    with shop.db() as db:
        ids = [letter.id for letter in db.query(Letter).order_by(Letter.id)]
    for letter_id in ids:
        assert office.job("send_letter", letter_id=letter_id).status_code == 200
