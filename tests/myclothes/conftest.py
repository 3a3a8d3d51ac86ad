"""The small shop, once for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.myclothes.post import PostOffice
from tests.myclothes.shop import Shop, Visitor
from tests.myclothes.till import Till
from tests.support.apps import close


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    shop = Shop(tmp_path)
    yield shop
    shop.close()


@pytest.fixture
def visitor(shop: Shop) -> Visitor:
    """Somebody without an account."""
    return shop.visitor()


@pytest.fixture
def ada(shop: Shop) -> Visitor:
    """Somebody with an account, signed in."""
    ada = shop.visitor()
    assert ada.sign_up().status_code == 303
    return ada


@pytest.fixture
def till(tmp_path: Path) -> Iterator[Till]:
    """A shop without pages, whose orders wait to be paid."""
    till = Till.in_folder(tmp_path)
    yield till
    till.close()


@pytest.fixture
def post(shop: Shop) -> Iterator[PostOffice]:
    """The worker that sends the shop's mail, and the folder where it arrives."""
    office = PostOffice(shop)
    yield office
    close(office.worker)
