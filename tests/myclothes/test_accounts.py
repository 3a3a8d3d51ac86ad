"""Sign up, in and out; who sees what."""

import time
from pathlib import Path

import pytest

from apps.chassis import administrators
from apps.chassis.commands import CommandError
from apps.chassis.visitors import authenticate, local_path
from apps.myclothes.accounts.models import Customer
from tests.myclothes.shop import PASSWORD, Shop, Visitor


def cookie(visitor: Visitor) -> str:
    found = visitor.client.get_cookie("myclothes-session")
    return found.value if found else ""


def test_a_new_customer_is_signed_in_at_once(visitor: Visitor) -> None:
    assert visitor.sign_up().location == "/account"
    assert "Good to see you, Ada." in visitor.get("/account").text
    assert "Sign in" not in visitor.get("/").text


@pytest.mark.parametrize(
    ("field", "value", "text"),
    [
        ("email", "ada", "This is not an e-mail address."),
        ("email", "", "Please enter your e-mail address."),
        ("email", "a@[.b", "This is not an e-mail address."),
        ("email", "a,b@c.de", "This is not an e-mail address."),
        ("email", "a@b.de,c.de", "This is not an e-mail address."),
        ("email", "a\x00@b.de", "This is not an e-mail address."),
        ("email", "a@" + "\N{LATIN SMALL LETTER SHARP S}" * 200 + ".de", "This is not an e-mail address."),
        ("email", "a@b." + "c" * 300, "longer than 254"),
        ("password", "short", "At least 10 characters"),
        ("password", "x" * 201, "At least 10 characters"),
        ("name", "  ", "Please enter your name."),
        ("name", "x" * 81, "longer than 80"),
    ],
)
def test_a_malformed_sign_up_is_422_and_says_why(visitor: Visitor, field: str, value: str, text: str) -> None:
    response = visitor.sign_up(**{field: value})
    assert response.status_code == 422
    assert text in response.text
    assert PASSWORD not in response.text


def test_an_address_has_one_account_however_it_is_spelled(shop: Shop, ada: Visitor) -> None:
    response = shop.visitor().sign_up(" ADA@Example.org ")
    assert response.status_code == 422
    assert "has an account already" in response.text


def test_signing_in_gives_the_session_a_new_id_and_keeps_the_cart(shop: Shop, ada: Visitor) -> None:
    guest = shop.visitor()
    guest.add("OXF-SKY-M", 2)
    before = cookie(guest)
    assert guest.sign_in().status_code == 303
    assert cookie(guest) not in ("", before)
    assert guest.pieces() == "2"
    # The old id is worth nothing any more, also for somebody who had planted it.
    guest.client.set_cookie("myclothes-session", before)
    assert guest.get("/account").location == "/sign-in?next=/account"


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(shop: Shop, ada: Visitor) -> None:
    texts = set()
    for email, password in (("ada@example.org", "wrong password"), ("nobody@example.org", PASSWORD)):
        response = shop.visitor().sign_in(email, password)
        assert response.status_code == 422
        texts.add(response.text.replace(email, "…"))
    assert len(texts) == 1
    assert "do not belong together" in texts.pop()


@pytest.mark.usefixtures("real_hashes")
def test_an_unknown_address_takes_as_long_as_a_wrong_password(shop: Shop, visitor: Visitor) -> None:
    def seconds(email: str) -> float:
        with shop.app.test_request_context():
            began = time.thread_time()
            assert authenticate(Customer, email, "wrong password") is None
            return time.thread_time() - began

    assert visitor.sign_up().status_code == 303
    # In turns, so that a busy machine delays both alike.
    turns = [(seconds("ada@example.org"), seconds("nobody@example.org")) for _ in range(5)]
    known, unknown = (min(times) for times in zip(*turns, strict=True))
    assert 0.5 < unknown / known < 2


@pytest.mark.usefixtures("one_window")
def test_guessing_passwords_is_stopped_for_the_account(shop: Shop, ada: Visitor) -> None:
    statuses = [shop.visitor().sign_in(password=f"guess number {number}").status_code for number in range(25)]
    assert statuses[0] == 422
    assert statuses[-1] == 429


def test_signing_out_ends_this_session_only(shop: Shop, ada: Visitor) -> None:
    other = shop.visitor()
    other.sign_in()
    before = cookie(ada)
    assert ada.post("/sign-out").location == "/"
    assert cookie(ada) == ""
    ada.client.set_cookie("myclothes-session", before)
    assert ada.get("/account").status_code == 303
    assert other.get("/account").status_code == 200


@pytest.mark.parametrize("url", ["sqlite", "cookie:"])
def test_signing_out_everywhere_ends_all_sessions(tmp_path: Path, url: str) -> None:
    shop = Shop(tmp_path, {} if url == "sqlite" else {"SESSION_URL": url})
    ada, other = shop.visitor(), shop.visitor()
    ada.sign_up()
    other.sign_in()
    copied = cookie(ada)
    assert ada.post("/sign-out/everywhere").status_code == 303
    assert other.get("/account").status_code == 303
    ada.client.set_cookie("myclothes-session", copied)
    assert ada.get("/account").status_code == 303
    assert ada.sign_in().location == "/account"
    assert ada.get("/account").status_code == 200
    shop.close()


@pytest.mark.parametrize(
    ("path", "where"),
    [
        ("/cart?added=7", "/cart?added=7"),
        ("https://evil.example/", None),
        ("//evil.example/", None),
        ("/\\evil.example", None),
        ("/\t/evil.example", None),
        ("evil", None),
        ("/" + "x" * 600, None),
        ("", None),
        (None, None),
    ],
)
def test_nobody_is_sent_to_another_site_after_signing_in(path: str | None, where: str | None) -> None:
    assert local_path(path) == where


def test_whoever_is_sent_to_sign_in_comes_back(shop: Shop, ada: Visitor) -> None:
    guest = shop.visitor()
    assert guest.get("/account").location == "/sign-in?next=/account"
    assert 'value="/account"' in guest.get("/sign-in?next=/account").text
    assert guest.sign_in(next="/checkout").location == "/checkout"


def test_a_foreign_page_cannot_sign_anybody_in(shop: Shop, ada: Visitor) -> None:
    visitor = shop.visitor()
    form = {"email": "ada@example.org", "password": PASSWORD}
    assert visitor.post("/sign-in", form, Sec_Fetch_Site="cross-site").status_code == 403
    assert cookie(visitor) == ""


def test_behind_the_counter_there_are_only_administrators(
    shop: Shop, ada: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert shop.visitor().get("/admin").status_code == 303
    assert ada.get("/admin").status_code == 404
    monkeypatch.setattr(administrators, "read_password", lambda: "a password for the counter")
    assert administrators.appoint(Customer, ["ada@example.org"], shop.settings) == 0
    assert ada.get("/admin").status_code == 303
    ada.sign_in(password="a password for the counter")
    page = ada.get("/admin")
    assert page.status_code == 200
    assert "CREW-OAT-M" in page.text


@pytest.mark.parametrize(("argv", "password"), [([], PASSWORD), (["nobody"], PASSWORD), (["a@b.example"], "short")])
def test_an_administrator_needs_an_address_and_a_long_password(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, argv: list[str], password: str
) -> None:
    monkeypatch.setattr(administrators, "read_password", lambda: password)
    with pytest.raises(CommandError):
        administrators.appoint(Customer, argv, shop.settings)
