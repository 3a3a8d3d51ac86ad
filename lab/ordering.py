"""Orders placed past HTTP: by the shop's own Order.place, and by PyMySQL alone, which replays the same statements."""

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple, cast

from sqlalchemy import Engine, event, make_url, text

from apps.chassis.columns import now
from apps.chassis.database import Database
from apps.chassis.transactions import current_session, run, transaction
from apps.myclothes.accounts.addresses import Address
from apps.myclothes.cart.models import GENERATION, ID, PREFIX, Cart, Kept
from apps.myclothes.catalog.models import OutOfStock
from apps.myclothes.orders.models import Order, quote_of
from lab.goods import Goods

ADDRESS = Address("A Buyer", "High Street 1", "", "1010", "Vienna", "AT")
METHOD = "standard"
RECORDED_ID = 1_000_000_007
PLACED, REFUSED = "placed", "sold out"


class Sent(NamedTuple):
    """A statement as the shop sent it to the driver."""

    statement: str
    parameters: Any
    is_many: bool


class Recording(NamedTuple):
    """One order's statements, and the values in them that are another order's own."""

    sent: tuple[Sent, ...]
    number: str
    cart_id: str
    order_id: int
    variants: tuple[int, ...]


class Bag(dict[str, Any]):
    """A cart's fields, as a session keeps them."""

    def fields(self, prefix: str = "") -> dict[str, Any]:
        return {name: value for name, value in self.items() if name.startswith(prefix)}


class Placing:
    """The trade of whoever calls Order.place, in a transaction of their own for each order."""

    def __init__(self, url: str, goods: Goods, threads: int, seen_cents: int) -> None:
        self.url, self.goods, self.threads, self.seen_cents = url, goods, threads, seen_cents

    def __call__(self) -> Callable[[int], Callable[[], str]]:
        database = Database(self.url, pool_size=self.threads)
        return lambda _: lambda: self.act(database)

    def act(self, database: Database) -> str:
        """Place one order, or be told that a piece is sold out."""
        cart, seen = cart_of(self.goods.chosen()), self.seen_cents
        try:
            run(database, read_only=False, pinned=True, work=lambda: _place(cart, seen), commit_if=lambda _: True)
        except OutOfStock:
            return REFUSED
        return PLACED


class Replaying:
    """The trade of whoever sends what `recording` holds, with nothing but PyMySQL."""

    def __init__(self, url: str, goods: Goods, recording: Recording) -> None:
        self.url, self.goods, self.recording = url, goods, recording

    def __call__(self) -> Callable[[int], Callable[[], str]]:
        return lambda _: self.bound()

    def bound(self) -> Callable[[], str]:
        """What sends one order through a connection of its own."""
        import pymysql

        url = make_url(self.url)
        connection = pymysql.connect(
            host=url.host,
            port=url.port or 0,
            user=url.username,
            password=url.password or "",
            database=url.database,
            charset="utf8mb4",
            init_command="SET time_zone = '+00:00', autocommit = 0, tx_isolation = 'READ-COMMITTED'",
            autocommit=None,
        )
        return lambda: self.act(connection)

    def act(self, connection: Any) -> str:
        """Send one order; one that fails holds no lock that others wait for."""
        try:
            self._send(connection)
        except Exception:
            connection.rollback()
            raise
        connection.commit()
        return PLACED

    def _send(self, connection: Any) -> None:
        recording = self.recording
        known: dict[Any, Any] = dict(zip(recording.variants, sorted(self.goods.chosen()), strict=True))
        known |= {recording.number: secrets.token_hex(10)[:20], recording.cart_id: secrets.token_hex(16)}
        with connection.cursor() as cursor:
            for statement, parameters, is_many in recording.sent:
                if is_many:
                    cursor.executemany(statement, [_replaced(known, row) for row in parameters])
                else:
                    cursor.execute(statement, _replaced(known, parameters))
                if statement.startswith("INSERT INTO orders "):
                    known[recording.order_id] = cursor.lastrowid
                elif statement.startswith("SELECT"):
                    cursor.fetchall()
                elif cursor.rowcount < 1:
                    raise RuntimeError("an order that would have been refused")


def _replaced(known: Mapping[Any, Any], row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: known.get(value, value) for name, value in row.items()}


def cart_of(wanted: Sequence[int]) -> Cart:
    """A guest's cart with one piece of each."""
    kept = {ID: secrets.token_hex(16), GENERATION: 0} | {f"{PREFIX}{variant}": 1 for variant in wanted}
    return Cart(cast(Kept, Bag(kept)))


def total_cents(database: Database, wanted: Sequence[int]) -> int:
    """What such a cart costs."""
    with transaction(database) as db:
        return quote_of(db, cart_of(wanted).lines(db), ADDRESS.country, METHOD, "", now()).total_cents


def _place(cart: Cart, seen_cents: int) -> Order:
    """Order it, as the shop's view does for a guest."""
    return Order.place(
        current_session(),
        cart=cart,
        customer=None,
        email="buyer@example.org",
        address=ADDRESS,
        method=METHOD,
        code="",
        seen_cents=seen_cents,
        language="en",
    )


def record(database: Database, variants: Sequence[int]) -> Recording:
    """What Order.place sends for one order of these variants, which is placed by it."""
    seen_cents = total_cents(database, variants)
    with transaction(database) as db:
        # What is replaced is told by its value: no count and no price may be the number of the recorded order.
        db.execute(text(f"ALTER TABLE orders AUTO_INCREMENT = {RECORDED_ID}"))
    with transaction(database), _listening() as sent:
        order = _place(cart_of(variants), seen_cents)
    return Recording(tuple(sent), order.number, order.cart_id, order.id, tuple(sorted(variants)))


@contextmanager
def _listening() -> Iterator[list[Sent]]:
    sent: list[Sent] = []

    def note(_: object, __: object, statement: str, parameters: Any, ___: object, is_many: bool) -> None:
        sent.append(Sent(statement, parameters, is_many))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", note)
