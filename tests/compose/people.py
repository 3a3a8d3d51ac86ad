"""People who use the running sites and note what was acknowledged to them, to ask for all of it afterwards."""

import http.client
import itertools
import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

from apps.mywordpress.seed import DEMO_EMAIL, DEMO_PASSWORD
from compose.control import Control
from lab.load.exchange import Response
from lab.load.openloop import Script
from lab.load.visitor import FORM, Site, Visitor, served_by
from lab.purchases import ADDRESS, HIDDEN
from tests.functional.writers import form_of
from tests.support.drawings import picture

PIECES = re.compile(r'class="badge">(\d+)')
MOST_OF_ONE = 20
# Run inside an instance, since nobody else may speak to the databases.
STOCK = """
import os, sys
from sqlalchemy import select
from apps.chassis.database import Database
from apps.chassis.settings import Settings
from apps.chassis.transactions import transaction
from apps.myclothes.catalog.ledger import set_count
from apps.myclothes.catalog.models import Variant
with transaction(Database(Settings.from_environ(os.environ).database_url)) as db:
    variants = db.scalars(select(Variant).order_by(Variant.id).limit(int(sys.argv[1]))).all()
    for variant in variants:
        set_count(db, variant, int(sys.argv[2]), "so many for a test")
    print(*[variant.id for variant in variants])
"""
ORDERS = """
import json, os
from apps.chassis.database import Database
from apps.chassis.settings import Settings
from apps.chassis.transactions import transaction
from apps.myclothes.orders.models import Order
with transaction(Database(Settings.from_environ(os.environ).database_url)) as db:
    print(json.dumps([[order.number, order.name] for order in Order.latest(db, most=100_000)]))
"""


def inside(control: Control, program: str, *arguments: object) -> str:
    """What a Python program prints that runs beside an instance of MyClothes, with its settings and secrets."""
    containers = control.containers()
    instance = next(web.name for web in control.plan.of(role="web", app="myclothes") if containers[web.name].runs)
    return control.execute(instance, "/opt/app/entrypoint", "python", "-c", program, *map(str, arguments))


def stock(control: Control, kinds: int, count: int) -> list[int]:
    """The numbers of so many variants, each of which there are so many of from now on."""
    return [int(word) for word in inside(control, STOCK, kinds, count).split()]


def orders(control: Control) -> dict[str, str]:
    """The names on all orders by their numbers, as the writer has them."""
    return dict(json.loads(inside(control, ORDERS)))


def site(control: Control, app: str) -> Site:
    return Site(f"{app}.localhost", control.plan.switches.port, timeout=15.0)


def ask(
    place: Site, path: str, form: Mapping[str, str] | None = None, cookies: Mapping[str, str] | None = None
) -> Response:
    """One answer of a site, redirects not followed."""
    connection = http.client.HTTPConnection("127.0.0.1", place.port, timeout=place.timeout)
    cookie = "; ".join(f"{name}={value}" for name, value in (cookies or {}).items())
    headers = {"Host": f"{place.host}:{place.port}", "Sec-Fetch-Site": "same-origin", "Cookie": cookie}
    try:
        if form is None:
            connection.request("GET", path, headers=headers)
        else:
            connection.request("POST", path, urlencode(form), {**headers, "Content-Type": FORM})
        answer = connection.getresponse()
        found: dict[str, list[str]] = {}
        for name, value in answer.getheaders():
            found.setdefault(name.lower(), []).append(value)
        return Response(answer.status, found, answer.read())
    finally:
        connection.close()


@dataclass
class Cart:
    """A guest's cart that grows by a piece at each visit.

    `confirmed` counts those pieces of which a replica knew before they were acknowledged.
    """

    visitor: Visitor
    variants: Sequence[int]
    tried: int = 0
    acknowledged: int = 0
    confirmed: int = 0

    async def __call__(self) -> None:
        variant = self.variants[self.tried // MOST_OF_ONE % len(self.variants)]
        self.tried += 1
        answer = await self.visitor.post("/cart", {"variant": variant, "quantity": 1}, "cart")
        self.acknowledged += answer.status == 303
        self.confirmed += answer.status == 303 and "unconfirmed" not in answer.header("server-timing")

    def pieces(self) -> int:
        """How many are in it now."""
        answer = ask(self.visitor.site, "/cart", cookies=self.visitor.cookies)
        assert answer.status == 200, answer.text
        found = PIECES.search(answer.text)
        return int(found[1]) if found else 0


@dataclass
class Buyer:
    """A guest who orders one piece at each visit, each time to another name."""

    visitor: Visitor
    variants: Sequence[int]
    called: str
    numbers: "itertools.count[int]" = field(default_factory=itertools.count)

    async def __call__(self) -> None:
        visitor, number = self.visitor, next(self.numbers)
        form = ADDRESS | {"name": f"{self.called} {number}", "generation": "0"}
        variant = self.variants[number % len(self.variants)]
        if (await visitor.post("/cart", {"variant": variant, "quantity": 1}, "cart")).status != 303:
            return
        quoted = await visitor.post("/checkout/quotation", form, "quotation")
        if quoted.status != 200:
            return
        ordered = await visitor.post("/checkout", form | dict(HIDDEN.findall(quoted.text)), "order")
        if ordered.status == 303:
            visitor.confirm(form["name"], urlsplit(ordered.header("location")).path.split("/")[2])


@dataclass
class Author:
    """The demo author, who uploads another picture at each visit."""

    visitor: Visitor
    cookies: Mapping[str, str]
    seeds: "itertools.count[int]"

    async def __call__(self) -> None:
        body, kind = form_of({}, picture("PNG", (40, 30), next(self.seeds)))
        self.visitor.cookies.update(self.cookies)
        answer = await self.visitor.post("/media", body, "upload", kind, {"Accept": "application/json"})
        if answer.status == 201:
            self.visitor.confirm("upload", str(json.loads(answer.text)["url"]))


def filling(carts: list[Cart], variants: Sequence[int]) -> Script:
    """The script of guests whose carts are noted in `carts`."""

    def script(visitor: Visitor) -> Callable[[], Awaitable[object]]:
        carts.append(Cart(visitor, variants))
        return carts[-1]

    return script


def buying(variants: Sequence[int], run: str) -> Script:
    """The script of guests who order; their names tell this run from others."""
    return lambda visitor: Buyer(visitor, variants, f"Buyer {run} {visitor.number}")


def uploading(cookies: Mapping[str, str], seeds: "itertools.count[int]") -> Script:
    """The script of an author who is signed in by these cookies."""
    return lambda visitor: Author(visitor, cookies, seeds)


def signed_in(place: Site) -> dict[str, str]:
    """The cookies of the demo author, who has just signed in to MyWordPress."""
    answer = ask(place, "/sign-in", {"email": DEMO_EMAIL, "password": DEMO_PASSWORD})
    assert answer.status == 303, answer.text
    pairs = [cookie.partition(";")[0].partition("=") for cookie in answer.headers["set-cookie"]]
    return {name: value for name, _, value in pairs}


def instances_that_serve(place: Site, path: str, tries: int = 8) -> set[str]:
    """Which instances answered this path well; raises AssertionError where one did not."""
    found = set()
    for _ in range(tries):
        answer = ask(place, path)
        assert answer.status == 200, f"{path}: {answer.status} by {served_by(answer)}"
        found.add(served_by(answer)[0])
    return found
