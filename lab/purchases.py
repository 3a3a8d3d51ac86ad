"""Guests who buy through HTTP: they fill a cart, ask for the total, order, and pay."""

import http.client
import re
from collections.abc import Callable, Mapping
from urllib.parse import urlencode

from lab.goods import Goods
from lab.servers import FORM_HEADERS

ADDRESS = {
    "email": "buyer@example.org",
    "name": "A Buyer",
    "street": "High Street 1",
    "postal_code": "1010",
    "city": "Vienna",
    "country": "AT",
    "method": "standard",
}
CARD = "4111222233330005"
HIDDEN = re.compile(r'<input[^>]*name="(generation|seen_cents)"[^>]*value="([^"]*)"')
# Three pieces, the checkout, its quotation, the order, its page of payment, the payment.
REQUESTS, PAID = 8, "paid"


class Buying:
    """The trade of guests, each of whom comes by a connection of their own, buys once, and goes."""

    def __init__(self, port: int, goods: Goods) -> None:
        self.port, self.goods = port, goods

    def __call__(self) -> Callable[[int], Callable[[], str]]:
        return lambda _: lambda: Guest(self.port).buy(self.goods)


class Guest:
    """A browser without an account."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self._cookies: dict[str, str] = {}
        self.location = ""

    def buy(self, goods: Goods) -> str:
        """A whole purchase; raises AssertionError where the shop answers other than it should."""
        for variant in goods.chosen():
            assert self.ask("/cart", {"variant": variant, "quantity": 1})[0] == 303
        assert self.ask("/checkout")[0] == 200
        status, page = self.ask("/checkout/quotation", ADDRESS | {"generation": 0})
        assert status == 200
        status, _ = self.ask("/checkout", ADDRESS | dict(HIDDEN.findall(page)))
        assert status == 303, f"an order is answered by {status}"
        payment = self.location
        assert self.ask(payment)[0] == 200
        assert self.ask(payment, {"card": CARD})[0] == 303
        self._connection.close()
        return PAID

    def ask(self, path: str, form: Mapping[str, object] | None = None) -> tuple[int, str]:
        """One request; redirects are not followed."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        method, body = ("GET", None) if form is None else ("POST", urlencode({k: str(v) for k, v in form.items()}))
        self._connection.request(method, path, body, headers | FORM_HEADERS)
        answer = self._connection.getresponse()
        for cookie in answer.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        self.location = answer.headers.get("Location", "")
        return answer.status, answer.read().decode()
