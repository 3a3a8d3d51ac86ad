"""What customers change about themselves, and their address book."""

import pytest
from sqlalchemy import select

from apps.myclothes.accounts.addresses import COUNTRIES, MOST, SavedAddress
from apps.myclothes.accounts.models import Customer
from apps.myclothes.orders import destinations
from tests.myclothes.post import PostOffice, link
from tests.myclothes.shop import PASSWORD, Shop, Visitor
from tests.myclothes.test_passwords import NEW, customer, follow

HOME = {
    "name": "Ada Lovelace",
    "street": "12 St James's Square",
    "extra": "",
    "postal_code": "SW1Y 4JH",
    "city": "London",
    "country": "GB",
}


def change_password(visitor: Visitor, current: str, password: str) -> int:
    form = {"password-current": current, "password-password": password}
    return visitor.post("/account/password", form).status_code


def change_email(visitor: Visitor, email: str, current: str = PASSWORD) -> int:
    return visitor.post("/account/email", {"email-email": email, "email-current": current}).status_code


def saved(shop: Shop) -> list[SavedAddress]:
    with shop.db() as db:
        return list(SavedAddress.of(db, db.scalars(select(Customer)).first() or pytest.fail("nobody")))


def test_name_and_language_are_changed(shop: Shop, ada: Visitor) -> None:
    assert ada.post("/account/profile", {"name": " Countess ", "language": "ko"}).status_code == 303
    assert (customer(shop).name, customer(shop).language) == ("Countess", "ko")
    assert 'value="Countess"' in ada.get("/account/profile").text


def test_a_malformed_profile_is_422(shop: Shop, ada: Visitor) -> None:
    for name, language in (("", "en"), ("x" * 81, "en"), ("Ada", "xx"), ("Ada", "")):
        assert ada.post("/account/profile", {"name": name, "language": language}).status_code == 422
    assert (customer(shop).name, customer(shop).language) == ("Ada", "en")


def test_a_new_password_takes_the_old_one_and_ends_all_sessions(shop: Shop, ada: Visitor) -> None:
    other = shop.visitor()
    other.sign_in()
    assert change_password(ada, "not the password", NEW) == 422
    assert change_password(ada, PASSWORD, "short") == 422
    assert change_password(ada, PASSWORD, NEW) == 303
    assert [visitor.get("/account").status_code for visitor in (ada, other)] == [303, 303]
    assert ada.sign_in(password=NEW).status_code == 303


@pytest.mark.usefixtures("one_window")
def test_guessing_the_own_password_is_stopped(ada: Visitor) -> None:
    assert [change_password(ada, "a wrong guess", NEW) for _ in range(25)][-1] == 429


def test_a_new_address_is_used_once_somebody_answers_there(shop: Shop, ada: Visitor, post: PostOffice) -> None:
    assert change_email(ada, "countess@example.org", "not the password") == 422
    assert change_email(ada, "countess@example.org") == 303
    assert customer(shop).email == "ada@example.org"
    mail = post.deliver("email-change")
    assert mail["To"] == "countess@example.org"
    assert follow(shop.visitor(), link(mail)) == 303
    assert customer(shop).email == "countess@example.org"
    assert customer(shop).confirmed_at is not None
    assert post.deliver("email-changed")["To"] == "ada@example.org"
    assert shop.visitor().get(link(mail)).status_code == 404
    assert shop.visitor().sign_in("countess@example.org").status_code == 303


def test_an_address_that_somebody_has_is_not_taken_from_them(shop: Shop, ada: Visitor, post: PostOffice) -> None:
    shop.visitor().sign_up("grace@example.org")
    assert change_email(ada, "grace@example.org") == 303
    assert follow(shop.visitor(), link(post.deliver("email-change"))) == 404
    assert customer(shop).email == "ada@example.org"


def test_a_new_password_ends_a_change_of_address(shop: Shop, ada: Visitor, post: PostOffice) -> None:
    change_email(ada, "thief@example.org")
    path = link(post.deliver("email-change"))
    assert change_password(ada, PASSWORD, NEW) == 303
    assert shop.visitor().get(path).status_code == 404


def test_addresses_are_kept_changed_and_removed(shop: Shop, ada: Visitor) -> None:
    assert ada.post("/account/addresses", HOME).status_code == 303
    assert ada.post("/account/addresses", HOME | {"city": "Ockham"}).status_code == 303
    # One that is kept already is moved to the front instead of kept twice.
    assert ada.post("/account/addresses", HOME).status_code == 303
    assert [address.city for address in saved(shop)] == ["London", "Ockham"]
    first = saved(shop)[0].id
    assert "St James" in ada.get(f"/account/addresses/{first}/edit").text
    assert ada.post(f"/account/addresses/{first}", HOME | {"city": "Marylebone"}).status_code == 303
    assert "Marylebone" in ada.get("/account/addresses").text
    for _ in range(2):
        assert ada.post(f"/account/addresses/{first}/removal").status_code == 303
    assert [address.city for address in saved(shop)] == ["Ockham"]


def test_nobody_sees_or_changes_somebody_elses_address(shop: Shop, ada: Visitor) -> None:
    ada.post("/account/addresses", HOME)
    grace = shop.visitor()
    grace.sign_up("grace@example.org")
    path = f"/account/addresses/{saved(shop)[0].id}"
    assert grace.get(f"{path}/edit").status_code == 404
    assert grace.post(path, HOME | {"city": "Nowhere"}).status_code == 404
    grace.post(f"{path}/removal")
    assert [address.city for address in saved(shop)] == ["London"]


def test_an_address_that_does_not_exist_is_404(ada: Visitor) -> None:
    for number in ("0", "99999999999999999999999"):
        assert ada.get(f"/account/addresses/{number}/edit").status_code == 404


def test_a_malformed_address_is_422(shop: Shop, ada: Visitor) -> None:
    for field, value in (("name", ""), ("street", "x" * 121), ("country", "XX"), ("country", ""), ("city", " ")):
        assert ada.post("/account/addresses", HOME | {field: value}).status_code == 422
    assert saved(shop) == []


def test_an_address_book_ends_at_some_size(shop: Shop, ada: Visitor) -> None:
    statuses = [ada.post("/account/addresses", HOME | {"street": f"{n} Road"}).status_code for n in range(MOST + 1)]
    assert statuses == [303] * MOST + [409]


def test_the_address_book_knows_the_countries_that_the_shop_sends_to() -> None:
    assert set(COUNTRIES) == {*destinations.UNION_VAT, *destinations.NEIGHBOURS, *destinations.OVERSEAS}


def test_only_who_is_signed_in_has_these_pages(shop: Shop, ada: Visitor) -> None:
    guest = shop.visitor()
    for page in ("profile", "addresses", "addresses/new", "second-factor", "second-factor/new", "data", "data/export"):
        assert guest.get(f"/account/{page}").location == f"/sign-in?next=/account/{page}"
        assert ada.get(f"/account/{page}").status_code == 200
