"""Buyers who go through a running MyClothes over HTTP, each with cookies of their own."""

import re
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPMessage
from http.cookiejar import CookieJar
from typing import IO, Any
from urllib.parse import urlencode

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from apps.chassis import passwords
from apps.chassis.columns import now
from apps.chassis.database import Database
from apps.chassis.settings import Settings
from apps.chassis.transactions import transaction
from apps.myclothes.accounts.models import Customer, Role
from apps.myclothes.catalog.models import Variant
from apps.myclothes.orders.models import Order, OrderLine
from tests.support.sites import RunningSite

PASSWORD = "a password that all buyers share"
ADDRESS = {"name": "A Buyer", "street": "High Street 1", "postal_code": "1010", "city": "Vienna", "country": "AT"}


class _Unfollowed(urllib.request.HTTPRedirectHandler):
    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        return None


class Buyer:
    """One visitor: signs in, fills a cart, orders. Statuses are told, redirects are not followed."""

    def __init__(self, url: str, email: str, cookies: CookieJar | None = None) -> None:
        self.url, self.email = url, email
        self._cookies = CookieJar() if cookies is None else cookies
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self._cookies), _Unfollowed())
        self.location = ""

    def tab(self) -> "Buyer":
        """Another tab of the same browser."""
        return Buyer(self.url, self.email, self._cookies)

    def get(self, path: str) -> tuple[int, str]:
        return self._send(urllib.request.Request(self.url + path))

    def post(self, path: str, form: Mapping[str, object]) -> tuple[int, str]:
        body = urlencode({name: str(value) for name, value in form.items()}).encode()
        return self._send(urllib.request.Request(self.url + path, body, {"Origin": self.url}))

    def sign_in(self) -> None:
        assert self.post("/sign-in", {"email": self.email, "password": PASSWORD})[0] == 303

    def add(self, variant_id: int, quantity: int = 1) -> None:
        assert self.post("/cart", {"variant": variant_id, "quantity": quantity})[0] == 303

    def checkout_form(self) -> dict[str, str]:
        page = self.get("/checkout")[1]
        return ADDRESS | dict(re.findall(r'<input[^>]*name="(generation|total_cents)"[^>]*value="([^"]*)"', page))

    def _send(self, request: urllib.request.Request) -> tuple[int, str]:
        try:
            response: Any = self._opener.open(request, timeout=30)
        except urllib.error.HTTPError as error:
            response = error
        with response:
            self.location = response.headers.get("Location", "")
            return response.status, response.read().decode()


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
            found = list(db.scalars(select(Variant.id).order_by(Variant.id).limit(count)))
            db.execute(update(Variant).where(Variant.id.in_(found)).values(stock=stock))
        return found

    def restock(self) -> None:
        """Ten of everything, before any page was asked for."""
        with self.open() as db:
            db.execute(update(Variant).values(stock=10))

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
