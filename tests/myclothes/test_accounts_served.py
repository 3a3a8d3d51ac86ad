"""Accounts on MariaDB, where a snapshot may be older than what somebody else has just committed."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import select, text

from apps.chassis.app import create_app
from apps.chassis.migrations import migrate
from apps.chassis.settings import Settings
from apps.myclothes import SITE
from apps.myclothes.accounts import factors
from apps.myclothes.accounts.models import Customer
from apps.myclothes.letters.models import Letter
from tests.myclothes.shop import PASSWORD, Shop
from tests.services.mariadb import MariaDb
from tests.support.apps import close

pytestmark = pytest.mark.long

T = TypeVar("T")


@pytest.fixture
def served(tmp_path: Path, mariadb: MariaDb) -> Iterator[Shop]:
    """A shop without goods, over MariaDB."""
    mariadb.create("clothes_accounts")
    shop = Shop.__new__(Shop)
    shop.environ = {
        "APP": "myclothes",
        "VAR_DIR": str(tmp_path),
        "SECRET_KEY": "a key that nobody guesses, in tests only",
        "DATABASE_URL": mariadb.url("clothes_accounts"),
    }
    shop.settings = Settings.from_environ(shop.environ)
    migrate(SITE, shop.settings)
    shop.app = create_app(shop.settings)
    yield shop
    close(shop.app)


def test_what_is_decided_by_the_database_is_decided_there(served: Shop) -> None:
    ada, other = served.visitor(), served.visitor()
    assert ada.sign_up().status_code == 303
    assert other.sign_in().status_code == 303
    letters_are_owed_once(served)
    codes_are_taken_once(served)
    # The factor is set up by now, and asked for nowhere but at sign-in.
    assert ada.post("/account/data/erasure", {"current": PASSWORD}).status_code == 303
    assert other.get("/account").status_code == 303
    assert served.visitor().sign_in().status_code == 422
    assert served.visitor().sign_up().status_code == 303


def letters_are_owed_once(shop: Shop) -> None:
    """A transaction that has looked already finds the letter that another has owed since."""
    with shop.db() as db:
        assert db.scalar(select(Letter.id).where(Letter.kind == "receipt")) is None
        first = elsewhere(lambda: owe(shop))
        assert Letter.owe(db, "receipt", "7", "ada@example.org", "en").id == first


def owe(shop: Shop) -> int:
    with shop.db() as db:
        return Letter.owe(db, "receipt", "7", "ada@example.org", "en").id


def codes_are_taken_once(shop: Shop) -> None:
    """Of two who have both read the last step taken, one signs in."""
    secret = factors.new_secret()
    code = factors.code_at(secret, int(time.time() // factors.STEP_SECONDS))
    with shop.db() as db:
        customer = db.scalars(select(Customer)).one()
        assert factors.set_up(db, customer, factors.seal(shop.settings, secret), 0)
    with shop.db() as db:
        customer = db.scalars(select(Customer)).one()
        assert elsewhere(lambda: accept(shop, code))
        assert not factors.accept(db, shop.settings, customer, code)


def accept(shop: Shop, code: str) -> bool:
    with shop.db() as db:
        db.execute(text("SET innodb_lock_wait_timeout = 5"))
        return factors.accept(db, shop.settings, db.scalars(select(Customer)).one(), code)


def elsewhere(do: Callable[[], T]) -> T:
    """Done in another thread, whose transaction is its own."""
    with ThreadPoolExecutor(1) as other:
        return other.submit(do).result(20)
