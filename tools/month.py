"""A month of a shop's life, made through its models: something to look at for the pictures and the browser's tests."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import cycle
from typing import Any, NamedTuple

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from apps.chassis import passwords
from apps.chassis.columns import now
from apps.chassis.database import Database
from apps.chassis.transactions import transaction
from apps.myclothes.accounts import audits
from apps.myclothes.accounts.addresses import Address, SavedAddress
from apps.myclothes.accounts.models import Customer, Role
from apps.myclothes.cart.models import CartLine
from apps.myclothes.catalog.ledger import set_count
from apps.myclothes.catalog.models import Variant
from apps.myclothes.orders import states
from apps.myclothes.orders.coupons import Coupon, Kind
from apps.myclothes.orders.events import OrderEvent
from apps.myclothes.orders.models import Order, State, quote_of
from apps.myclothes.payments.models import Outcome, Payment, Refund
from apps.myclothes.payments.refunds import cancel, owe_refund
from apps.myclothes.payments.testgateway import GatewayEntry
from apps.myclothes.seed import DEMO_EMAIL, DEMO_PASSWORD


class Somebody(NamedTuple):
    """Who may sign in."""

    email: str
    password: str


DEMO, KEEPER = Somebody(DEMO_EMAIL, DEMO_PASSWORD), Somebody("mira@myclothes.test", "mira-keeps-the-shop-2026")
DAYS = 28
HOME = Address("Dana Demo", "Linke Wienzeile 6", "Top 14", "1060", "Vienna", "AT")
PARENTS = Address("Dana Demo", "Torstraße 140", "c/o Familie Demo", "10119", "Berlin", "DE")
GUESTS = (
    ("ida@example.org", Address("Ida Rhodes", "Linke Wienzeile 6", "", "1060", "Vienna", "AT")),
    ("jonas@example.org", Address("Jonas Lind", "Götgatan 14", "", "118 46", "Stockholm", "SE")),
    ("claire@example.org", Address("Claire Moreau", "Rue des Martyrs 31", "", "75009", "Paris", "FR")),
    ("minseo@example.org", Address("Kim Minseo", "Yeonnam-ro 27", "3F", "03991", "Seoul", "KR")),
    ("oskar@example.org", Address("Oskar Brandt", "Kastanienallee 8", "", "10435", "Berlin", "DE")),
)
# How many orders came on each day, from the first on; weekends are busy.
ORDERS = (1, 2, 1, 3, 4, 5, 2, 1, 1, 2, 2, 5, 4, 1, 2, 3, 1, 2, 6, 5, 2, 1, 2, 3, 4, 6, 3, 2)


@dataclass
class Basket:
    """A cart that no session keeps."""

    id: str
    wanted: list[Variant]
    generation: int = 0

    def lines(self, db: Session) -> list[CartLine]:
        return [CartLine(variant, 1, price := variant.price_now(now()), price) for variant in self.wanted]


@dataclass
class Month:
    """What has been made: the keeper of the shop, and the numbers of orders by how they ended."""

    orders: dict[str, str] = field(default_factory=dict)
    customers: dict[str, int] = field(default_factory=dict)
    coupons: dict[str, int] = field(default_factory=dict)


def live(database: Database, days: int = DAYS) -> Month:
    """Have the seeded shop live through so many days up to now; once per database. Its letters wait for the worker."""
    month = Month()
    # Nobody is there who could be told to send them at once.
    logging.getLogger("apps.chassis.jobs").setLevel(logging.ERROR)
    with transaction(database) as db:
        keeper = Customer.appoint(db, KEEPER.email, passwords.hash(KEEPER.password))
        keeper.name, keeper.confirmed_at = "Mira Keller", now()
        demo = Customer.with_email(db, DEMO.email)
        assert demo is not None
        demo.confirmed_at = now()
        for address in (PARENTS, HOME):
            SavedAddress.keep(db, demo, address)
        db.flush()
        month.customers = {"keeper": keeper.id, "demo": demo.id}
        month.coupons = {coupon.code: coupon.id for coupon in print_coupons(db)}
        sell(db, days)
        month.orders = keep_cases(db, demo, keeper)
        look_after(db, keeper)
    return month


def print_coupons(db: Session) -> list[Coupon]:
    """One that holds, one that is used up, one that was withdrawn, one for later."""
    kinds: tuple[dict[str, Any], ...] = (
        {"code": "WELCOME10", "kind": Kind.PERCENT, "amount": 10, "most_uses_each": 3},
        {"code": "COAT25", "kind": Kind.FIXED, "amount": 2500, "minimum_cents": 25000, "most_uses": 40, "used": 40},
        {"code": "SUMMER", "kind": Kind.PERCENT, "amount": 15, "withdrawn_at": now()},
        {"code": "WINTER-26", "kind": Kind.FIXED, "amount": 1500, "starts_at": now() + timedelta(days=20)},
    )
    usual = {"minimum_cents": 0, "used": 0, "created_at": now() - timedelta(days=DAYS)}
    coupons = [Coupon(**(usual | kind)) for kind in kinds]
    db.add_all(coupons)
    db.flush()
    return coupons


def sell(db: Session, days: int) -> None:
    """The orders of guests, day by day; the older ones have arrived."""
    guests, pieces = cycle(GUESTS), choose(db)
    for day, count in enumerate(ORDERS[-days:], start=1):
        ago = timedelta(days=days - day)
        for turn in range(count):
            email, address = next(guests)
            order = place(db, None, email, address, [next(pieces) for _ in range(1 + turn % 3)])
            last = State.DELIVERED if ago.days > 6 else State.SHIPPED if ago.days > 2 else State.PAID
            bring(db, order, last)
            shift(db, order, ago + timedelta(minutes=17 * turn))


def keep_cases(db: Session, demo: Customer, keeper: Customer) -> dict[str, str]:
    """An order of the demo customer in every state, and what else can happen to one."""
    pieces = choose(db)
    made: dict[str, Order] = {}

    def have(case: str, days: float, then: Callable[[Order], object], code: str = "") -> None:
        order = made[case] = place(db, demo, DEMO.email, HOME, [next(pieces), next(pieces)], code)
        then(order)
        shift(db, order, timedelta(days=days))

    have("refunded", 26, lambda order: refund(db, order, keeper, order.total_cents))
    have("delivered", 19, lambda order: bring(db, order, State.DELIVERED))
    have("cancelled", 12, lambda order: pay(db, order) and cancel(db, order, "customer", "changed my mind"))
    have("returned", 9, lambda order: refund(db, order, keeper, order.lines[0].unit_price_cents))
    have("shipped", 4, lambda order: bring(db, order, State.SHIPPED), "WELCOME10")
    have("packed", 2, lambda order: bring(db, order, State.PACKED))
    have("paid", 0.1, lambda order: pay(db, order))
    have("unknown", 0, lambda order: attempt(db, order, Outcome.UNKNOWN))
    have("declined", 0, lambda order: attempt(db, order, Outcome.DECLINED, "insufficient funds"))
    have("placed", 0, lambda order: None)
    have("late", 0, lambda order: setattr(order, "expires_at", now() - timedelta(minutes=1)))
    return {case: order.number for case, order in made.items()}


def look_after(db: Session, keeper: Customer) -> None:
    """What the keeper did meanwhile: counted a few pieces low, and left traces."""
    for variant in db.scalars(select(Variant).where(Variant.stock > 2).order_by(Variant.id).limit(4)):
        set_count(db, variant, 2, "counted by hand", keeper.email)
        audits.record(db, keeper, "stock.count", variant.sku, address="127.0.0.1", stock=2)
    audits.record(db, keeper, "coupon.create", "WELCOME10", address="127.0.0.1", percent=10)
    audits.record(db, keeper, "customer.role", DEMO.email, address="127.0.0.1", role=Role.CUSTOMER)


def choose(db: Session) -> Iterator[Variant]:
    """Pieces that the shop has many of, of another product each time."""
    found = db.scalars(select(Variant).where(Variant.stock > 7).order_by(Variant.id)).all()
    by_product = {variant.product_id: variant for variant in found}
    return cycle(list(by_product.values()))


def place(
    db: Session, customer: Customer | None, email: str, address: Address, wanted: list[Variant], code: str = ""
) -> Order:
    """Order one piece of each."""
    basket: Any = Basket(f"month-{email}-{now().timestamp()}", list(dict.fromkeys(wanted)))
    quote = quote_of(db, basket.lines(db), address.country, "standard", code, now())
    order = Order.place(
        db, cart=basket, customer=customer, email=email, address=address, method="standard", code=code,
        seen_cents=quote.total_cents, language="en",
    )  # fmt: skip
    db.refresh(order)
    for line in order.lines:
        # What the shop has sold it has bought before, so that no shelf is empty at the end.
        set_count(db, line.variant, line.variant.stock + line.quantity, "delivered by the workshop", KEEPER.email)
    return order


def attempt(db: Session, order: Order, outcome: Outcome, reason: str = "") -> Payment:
    """A try to pay it, and what became of that; what the gateway has decided is in its book, too."""
    settled = outcome != Outcome.UNKNOWN
    payment = Payment(
        order_id=order.id, key=f"{order.number}-1", amount_cents=order.total_cents, currency=order.currency,
        outcome=outcome, reason=reason, reference=f"ch-{order.number}" if settled else None, created_at=now(),
        settled_at=now() if settled else None,
    )  # fmt: skip
    db.add(payment)
    if settled:
        entry = GatewayEntry(
            key=payment.key, reference=payment.reference, amount_cents=order.total_cents, currency=order.currency,
            outcome=outcome, reason=reason, entered_at=now(),
        )  # fmt: skip
        db.add(entry)
    db.flush()
    return payment


def pay(db: Session, order: Order) -> bool:
    attempt(db, order, Outcome.SUCCEEDED)
    return states.pay(db, order)


def bring(db: Session, order: Order, last: State) -> Order:
    """Have it paid, packed, sent and delivered, as far as that state."""
    pay(db, order)
    steps = (State.PACKED, State.SHIPPED, State.DELIVERED)
    for step in steps[: steps.index(last) + 1] if last in steps else ():
        moved = states.ship(db, order, f"00340{order.id:09}", KEEPER.email) if step == State.SHIPPED else None
        assert moved or states.advance(order, step, db, KEEPER.email)
    return order


def refund(db: Session, order: Order, keeper: Customer, cents: int) -> None:
    """Send it, and pay so much back for its first piece, which has come back."""
    bring(db, order, State.DELIVERED)
    back = owe_refund(db, order, cents, "too small", keeper.email, {order.lines[0].id: 1})
    back.outcome, back.reference, back.settled_at = Outcome.SUCCEEDED, f"re-{order.number}", now()


def shift(db: Session, order: Order, ago: timedelta) -> None:
    """Let all of it have happened so long ago."""
    db.flush()
    db.refresh(order)
    for name in ("placed_at", "paid_at", "shipped_at", "expires_at"):
        moment: datetime | None = getattr(order, name)
        setattr(order, name, moment - ago if moment else None)
    moved: tuple[tuple[Any, Any], ...] = (
        (OrderEvent, OrderEvent.at), (Payment, Payment.created_at), (Payment, Payment.settled_at),
        (Refund, Refund.created_at), (Refund, Refund.settled_at),
    )  # fmt: skip
    for table, column in moved:
        known = (table.order_id == order.id) & column.is_not(None)
        db.execute(update(table).where(known).values({column: now() - ago}))
