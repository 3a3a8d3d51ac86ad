"""Two hundred guests at once, who buy, pay, fail to pay, and change their minds, while the servers die under them."""

import os
import random
import re
import signal
import threading
import urllib.request
from collections import Counter
from http.client import HTTPException
from pathlib import Path

from sqlalchemy import func, select

from apps.myclothes.orders.coupons import Coupon, CouponCustomer
from apps.myclothes.payments.cards import CARDS
from tests.functional.browsers import ADDRESS, Hidden
from tests.functional.buyers import Books
from tests.functional.guests import Guest

Answer = tuple[int, str]


class Stubborn(Guest):
    """A browser that sends again whatever was not answered, as people do; each has an address of its own."""

    def __init__(self, url: str, address: str, stop: threading.Event) -> None:
        super().__init__(url)
        self.address, self.stop = address, stop
        self.broken = 0

    def _send(self, request: urllib.request.Request) -> Answer:
        request.add_header("X-Forwarded-For", self.address)
        self.stop.wait(random.uniform(0.1, 1.0))
        while True:
            try:
                answer = super()._send(request)
            except (OSError, HTTPException):
                self.broken += 1
            else:
                if answer[0] != 503 or self.stop.is_set():
                    return answer
            # Not all at once again, or the next process dies before it has answered anybody.
            if self.stop.wait(random.uniform(0.5, 1.5)):
                return 0, ""


class Shopper(threading.Thread):
    """Buys again and again, each time as a new visitor, until told to stop."""

    def __init__(self, url: str, number: int, variants: list[int], codes: list[str], stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.url, self.variants, self.codes, self.stop = url, variants, codes, stop
        self.random = random.Random(number)
        self.address = f"10.1.{number // 250}.{number % 250 + 1}"
        # Shared by some, so that a coupon's limit for each customer is raced for.
        self.email = f"buyer-{number % 40}@example.org"
        self.statuses: Counter[int] = Counter()
        self.broken = 0
        self.acknowledged: list[str] = []
        self.left_behind: list[tuple[Stubborn, set[int]]] = []

    def run(self) -> None:
        while not self.stop.is_set():
            guest = Stubborn(self.url, self.address, self.stop)
            self.visit(guest)
            self.statuses += guest.statuses
            self.broken += guest.broken

    def visit(self, guest: Stubborn) -> None:
        """Fill a cart and order it; what could not be ordered stays in the cart, which is looked at in the end."""
        wanted = self.random.sample(self.variants, self.random.randint(1, 3))
        added = {variant for variant in wanted if self.add(guest, variant)}
        if not added or self.stop.is_set():
            return
        number = self.order(guest)
        if number is None:
            # Whoever was stopped while waiting may have ordered.
            self.left_behind += [] if self.stop.is_set() else [(guest, added)]
            return
        self.acknowledged.append(number)
        self.settle(guest, guest.location)

    def add(self, guest: Stubborn, variant: int) -> bool:
        form = {"variant": str(variant), "quantity": str(self.random.randint(1, 2))}
        return guest.post("/cart", form)[0] == 303

    def order(self, guest: Stubborn) -> str | None:
        """The order's number; None if it was refused, or nobody waits for the answer any more."""
        for code in (self.random.choice(self.codes), ""):
            form = ADDRESS | {"email": self.email, "name": "A Guest", "code": code}
            form |= Hidden(guest.get("/checkout")[1]).fields
            form |= Hidden(guest.post("/checkout/quotation", form)[1]).fields
            status, _ = guest.post("/checkout", form)
            found = re.match(r"/orders/([^/?]+)", guest.location) if status == 303 else None
            if found:
                return found[1]
        return None

    def settle(self, guest: Stubborn, page: str) -> None:
        """Try some cards, and sometimes call it off before, between or after."""
        path, _, query = page.partition("?")
        order = path.removesuffix("/payment")
        for card in self.random.choices(list(CARDS), k=self.random.randint(0, 2)):
            guest.post(f"{order}/payment?{query}", {"card": card})
        if self.random.random() < 0.2:
            guest.post(f"{order}/cancellation?{query}", {})


class Counting(threading.Thread):
    """Looks again and again how often each coupon is used, in all and by one customer: in the end some came back."""

    def __init__(self, books: Books, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.books, self.stop = books, stop
        self.most: Counter[str] = Counter()
        self.most_each: Counter[str] = Counter()

    def run(self) -> None:
        each = select(Coupon.code, func.max(CouponCustomer.used)).join(
            CouponCustomer, CouponCustomer.coupon_id == Coupon.id
        )
        while not self.stop.wait(0.05):
            with self.books.open() as db:
                self.most |= Counter(dict(db.execute(select(Coupon.code, Coupon.used)).all()))
                self.most_each |= Counter(dict(db.execute(each.group_by(Coupon.code)).all()))


class Killer(threading.Thread):
    """Ends one process of a server every second, as a lack of memory does; its master starts another."""

    def __init__(self, master: int, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.master, self.stop = master, stop
        self.killed = 0

    def run(self) -> None:
        while not self.stop.wait(1.0):
            children = Path(f"/proc/{self.master}/task/{self.master}/children").read_text().split()
            if children:
                os.kill(int(random.choice(children)), signal.SIGKILL)
                self.killed += 1
