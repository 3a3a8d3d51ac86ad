"""Buyers who go through a running MyClothes over HTTP, each with cookies of their own."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from apps.chassis import passwords
from apps.chassis.columns import now
from apps.chassis.database import Database
from apps.chassis.settings import Settings
from apps.chassis.transactions import transaction
from apps.myclothes.accounts.models import Customer, Role
from apps.myclothes.catalog.ledger import set_count
from apps.myclothes.catalog.models import Variant
from apps.myclothes.orders.coupons import Coupon, Kind
from apps.myclothes.orders.models import Order, OrderLine
from tests.functional.browsers import ADDRESS, Browser
from tests.support.sites import RunningSite

PASSWORD = "a password that all buyers share"
HOME = ADDRESS | {"name": "A Buyer"}


class Buyer(Browser):
    """A customer: signs in, fills a cart, orders."""

    def __init__(self, url: str, email: str, cookies: CookieJar | None = None) -> None:
        super().__init__(url, cookies)
        self.email = email

    def tab(self) -> "Buyer":
        """Another tab of the same browser."""
        return Buyer(self.url, self.email, self.cookies)

    def sign_in(self) -> None:
        assert self.post("/sign-in", {"email": self.email, "password": PASSWORD})[0] == 303

    def add(self, variant_id: int, quantity: int = 1) -> None:
        assert self.post("/cart", {"variant": variant_id, "quantity": quantity})[0] == 303

    def checkout_form(self) -> dict[str, str]:
        page = self.post("/checkout/quotation", HOME | {"generation": 0})[1]
        return HOME | dict(re.findall(r'<input[^>]*name="(generation|seen_cents)"[^>]*value="([^"]*)"', page))


class Books:
    """The shop's database as somebody sees it who looks from outside."""

    def __init__(self, site: RunningSite) -> None:
        settings = Settings.from_environ(site.plan.environ)
        self.database = Database(settings.database_url)

    @contextmanager
    def open(self) -> Iterator[Session]:
        with transaction(self.database) as db:
            yield db

    def close(self) -> None:
        self.database.dispose()

    def customers(self, count: int) -> list[str]:
        """So many new accounts; all at once, because hashing each password would take seconds."""
        password_hash, emails = passwords.hash(PASSWORD), [f"buyer-{number}@example.org" for number in range(count)]
        with self.open() as db:
            for email in emails:
                moment = now()
                db.add(
                    Customer(
                        email=email, name="A Buyer", password_hash=password_hash, role=Role.CUSTOMER,
                        sessions_valid_from=moment, created_at=moment,
                    )
                )  # fmt: skip
        return emails

    def variants(self, count: int, stock: int) -> list[int]:
        """The ids of some variants, each with so many pieces from now on."""
        with self.open() as db:
            found = db.scalars(select(Variant).order_by(Variant.id).limit(count)).all()
            for variant in found:
                set_count(db, variant, stock, "so many for a test")
            return [variant.id for variant in found]

    def restock(self) -> None:
        """Ten of everything, before any page was asked for."""
        with self.open() as db:
            for variant in db.scalars(select(Variant).order_by(Variant.id)).all():
                set_count(db, variant, 10, "so many for a test")

    def print_coupon(self, code: str, percent: int) -> None:
        """So much off, for whoever knows the code."""
        with self.open() as db:
            kind = Kind.PERCENT.value
            db.add(Coupon(code=code, kind=kind, amount=percent, minimum_cents=0, used=0, created_at=now()))

    def stock(self, variant_id: int) -> int:
        with self.open() as db:
            return db.scalars(select(Variant.stock).where(Variant.id == variant_id)).one()

    def sold(self, variant_id: int) -> int:
        with self.open() as db:
            sold = select(func.coalesce(func.sum(OrderLine.quantity), 0)).where(OrderLine.variant_id == variant_id)
            return int(db.scalars(sold).one())

    def orders(self) -> list[Order]:
        with self.open() as db:
            return list(Order.latest(db, most=100_000))


def at_once(buyers: list[Buyer], act: Any) -> list[Any]:
    """What `act` answers for each buyer, all starting at the same moment."""
    barrier, answers = threading.Barrier(len(buyers)), [None] * len(buyers)

    def run(place: int) -> None:
        barrier.wait(60)
        answers[place] = act(buyers[place])

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(buyers))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return answers
