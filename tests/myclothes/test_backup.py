"""The shop as of one moment in a file, taken while it sells, and a shop made from that."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from apps.chassis.commands import run
from apps.myclothes import SITE
from apps.myclothes.catalog.ledger import discrepancies
from apps.myclothes.letters.models import Letter
from apps.myclothes.orders.models import Order, OrderLine
from tests.myclothes.shop import ServedShop, Shop, Visitor
from tests.myclothes.till import PAYS
from tests.services.mariadb import MariaDb
from tests.support.waiting import wait_until

Open = Callable[[type[Shop], str], Shop]


class RestoredShop(Shop):
    """A shop whose database nobody has prepared."""

    def _fill(self) -> None:
        pass


@pytest.fixture
def shop_on(mariadb: MariaDb, tmp_path: Path) -> Iterator[Open]:
    """Opens a shop of that kind on an empty database of that name."""
    opened = []

    def make(kind: type[Shop], name: str) -> Shop:
        mariadb.create(name)
        opened.append(kind(tmp_path / name, {"DATABASE_URL": mariadb.url(name)}))
        return opened[-1]

    yield make
    for shop in opened:
        shop.close()


def command(shop: Shop, monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    with monkeypatch.context() as patch:
        for name, value in shop.environ.items():
            patch.setenv(name, value)
        return run(SITE, words)


def buy(visitor: Visitor) -> None:
    visitor.add("OXF-SKY-M")
    answer = visitor.order()
    assert visitor.post(answer.location.partition("?")[0], {"card": PAYS}).status_code == 303


def keep_buying(visitor: Visitor, stop: threading.Event) -> None:
    while not stop.is_set():
        buy(visitor)


@pytest.mark.long
def test_a_shop_goes_on_from_its_backup(shop_on: Open, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    shop, file, stop = shop_on(ServedShop, "kept"), str(tmp_path / "backup"), threading.Event()
    shop.set_stock("OXF-SKY-M", 1000)
    ada = shop.visitor()
    ada.sign_up()
    buying = threading.Thread(target=keep_buying, args=(ada, stop))
    buying.start()
    wait_until(lambda: len(shop.orders()) > 2, 30)
    assert command(shop, monkeypatch, "backup", file) == 0
    stop.set()
    buying.join(30)

    restored = shop_on(RestoredShop, "restored")
    assert command(restored, monkeypatch, "restore", file) == 0
    left = restored.stock("OXF-SKY-M")
    with restored.db() as db:
        numbers = list(db.scalars(select(Order.number).order_by(Order.id)))
        assert discrepancies(db) == []
        assert db.scalar(select(func.sum(OrderLine.quantity))) == len(numbers) == 1000 - left
        paid = set(db.scalars(select(Order.number).where(Order.paid_at.is_not(None))))
        assert set(db.scalars(select(Letter.about).where(Letter.kind == "receipt"))) == paid
    # It was taken from the shop as it was at one moment, and nothing is missing of what was before.
    assert 2 < len(numbers) <= len(shop.orders())
    assert numbers == [order.number for order in reversed(shop.orders())][: len(numbers)]
    ada = restored.visitor()
    assert ada.sign_in().status_code == 303
    assert numbers[-1] in ada.get("/account").text
    buy(ada)
    assert len(restored.orders()) == len(numbers) + 1
