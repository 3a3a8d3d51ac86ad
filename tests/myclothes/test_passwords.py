"""Confirming addresses, and passwords that were forgotten or changed."""

import re
import time
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select, update

from apps.chassis.columns import now
from apps.myclothes.accounts.models import Customer
from apps.myclothes.letters.models import Letter
from tests.myclothes.post import PostOffice, content, link
from tests.myclothes.shop import PASSWORD, Shop, Visitor

NEW = "another long password"


def customer(shop: Shop) -> Customer:
    with shop.db() as db:
        return db.scalars(select(Customer).order_by(Customer.id)).first() or pytest.fail("there is no customer")


def follow(visitor: Visitor, path: str, **form: object) -> int:
    """Open the page behind a mail's link and press its button; the status of the answer."""
    page = visitor.get(path)
    if page.status_code != 200:
        return page.status_code
    token = re.search(r'name="token"[^>]*value="([^"]+)"', page.text)
    assert token is not None
    return visitor.post(urlsplit(path).path, {"token": token[1]} | form).status_code


def ask_for_password(shop: Shop, post: PostOffice, email: str = "ada@example.org") -> str:
    assert shop.visitor().post("/password-reset", {"email": email}).status_code == 303
    return link(post.deliver("password-reset"))


def test_an_address_is_confirmed_by_the_button_behind_the_link(shop: Shop, ada: Visitor, post: PostOffice) -> None:
    mail = post.deliver("confirmation")
    assert (mail["To"], "Welcome, Ada." in content(mail, "html")) == ("ada@example.org", True)
    stranger = shop.visitor()
    assert stranger.get(link(mail)).status_code == 200
    assert customer(shop).confirmed_at is None
    assert "Please confirm your address" in ada.get("/account/profile").text
    assert follow(stranger, link(mail)) == 303
    first = customer(shop).confirmed_at
    assert first is not None
    assert follow(stranger, link(mail)) == 303
    assert customer(shop).confirmed_at == first
    assert "Please confirm your address" not in ada.get("/account/profile").text


@pytest.mark.usefixtures("one_window")
def test_a_confirmation_is_sent_again_but_not_for_ever(shop: Shop, ada: Visitor, post: PostOffice) -> None:
    statuses = [ada.post("/confirmation/letter").status_code for _ in range(7)]
    assert (statuses[0], statuses[-1]) == (303, 429)
    assert follow(shop.visitor(), link(post.deliver("confirmation"))) == 303


@pytest.mark.parametrize("path", ["/confirmation", "/password-reset/edit", "/email-change"])
def test_links_that_are_not_ours_are_404(visitor: Visitor, path: str) -> None:
    for token in ("", "nonsense", "a.b.c", "é" * 20, "x" * 3000, "%00"):
        page = visitor.get(f"{path}?token={token}")
        assert page.status_code == 404
        assert "no longer works" in page.text
        assert visitor.post(path, {"token": token, "password": NEW}).status_code == 404


def test_a_link_is_good_for_one_purpose_only(shop: Shop, ada: Visitor, post: PostOffice) -> None:
    token = parse_qs(urlsplit(link(post.deliver("confirmation"))).query)["token"][0]
    assert shop.visitor().get(f"/password-reset/edit?token={token}").status_code == 404


def test_a_link_expires(shop: Shop, ada: Visitor, post: PostOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    path = link(post.deliver("confirmation"))
    later = int(time.time()) + 73 * 3600
    monkeypatch.setattr("itsdangerous.timed.TimestampSigner.get_timestamp", lambda _: later)
    assert shop.visitor().get(path).status_code == 404


def test_a_forgotten_password_is_replaced_once_and_ends_all_sessions(
    shop: Shop, ada: Visitor, post: PostOffice
) -> None:
    path = ask_for_password(shop, post)
    second = ask_for_password(shop, post)
    stranger = shop.visitor()
    assert follow(stranger, path, password="short") == 422
    assert follow(stranger, path, password=NEW) == 303
    assert ada.get("/account").status_code == 303
    assert shop.visitor().sign_in(password=PASSWORD).status_code == 422
    assert shop.visitor().sign_in(password=NEW).status_code == 303
    # Neither this link nor one that was sent before works any more.
    assert [shop.visitor().get(spent).status_code for spent in (path, second)] == [404, 404]
    assert customer(shop).confirmed_at is not None
    assert "Your password was changed" in post.deliver("password-changed")["Subject"]


def test_of_two_at_once_who_have_the_link_one_chooses_the_password(shop: Shop, ada: Visitor) -> None:
    with shop.db() as db:
        seen = db.scalars(select(Customer)).one()
        db.expunge(seen)
        assert seen.replace_password(db, "one")
    with shop.db() as db:
        assert not seen.replace_password(db, "two")


def test_who_asks_for_a_password_does_not_learn_whether_the_address_has_an_account(
    shop: Shop, ada: Visitor, post: PostOffice
) -> None:
    answers = [shop.visitor().post("/password-reset", {"email": f"{who}@example.org"}) for who in ("ada", "nobody")]
    assert len({(answer.status_code, answer.location, answer.text) for answer in answers}) == 1
    with shop.db() as db:
        moot = db.scalars(select(Letter).where(Letter.recipient == "nobody@example.org")).one()
    assert post.job("send_letter", letter_id=moot.id).status_code == 200
    assert post.mails() == []


@pytest.mark.usefixtures("one_window")
def test_asking_for_passwords_is_limited(shop: Shop, ada: Visitor) -> None:
    asked = [shop.visitor().post("/password-reset", {"email": "ada@example.org"}).status_code for _ in range(7)]
    assert (asked[0], asked[-1]) == (303, 429)


def test_a_malformed_address_is_422(visitor: Visitor) -> None:
    for email in ("", "nobody", "a" * 300 + "@b.de", "a\x00@b.de"):
        assert visitor.post("/password-reset", {"email": email}).status_code == 422


def test_letters_with_links_are_forgotten_after_a_month(shop: Shop, ada: Visitor, post: PostOffice) -> None:
    with shop.db() as db:
        Letter.owe(db, "receipt", "7", "ada@example.org", "en")
        db.execute(update(Letter).values(created_at=now() - timedelta(days=31), sent_at=now()))
    assert post.post("/every/day").status_code == 200
    with shop.db() as db:
        assert db.scalars(select(Letter.kind)).all() == ["receipt"]


def test_mails_are_in_the_language_that_the_customer_signed_up_in(shop: Shop, post: PostOffice) -> None:
    visitor = shop.visitor()
    form = {"name": "서연", "email": "seoyeon@example.org", "password": PASSWORD}
    assert visitor.post("/sign-up?lang=ko", form).status_code == 303
    assert customer(shop).language == "ko"
    mail = post.deliver("confirmation")
    assert '<html lang="ko">' in content(mail, "html")
    assert link(mail).endswith("&lang=ko")
