"""What a page costs in round trips, on MariaDB and Redis, counted on the wire."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import select

from apps.myclothes.catalog import pages
from apps.myclothes.catalog.models import Product
from apps.myclothes.catalog.words import reindex, search
from tests.myclothes.shop import ServedShop, Shop
from tests.services.endpoint import Endpoint
from tests.services.mariadb import MariaDb
from tests.services.redis_server import RedisServer

PAGES = ["/", "/shelves/knitwear", "/products/everyday-crew?colour=forest"]


class Wires:
    """What went to the database, the cache and the session store."""

    def __init__(self, database: Endpoint, cache: Endpoint, sessions: Endpoint) -> None:
        self.ends = (database, cache, sessions)

    def trips(self, ask: Callable[[], object]) -> tuple[int, ...]:
        """Round trips to each of the three."""
        before = [end.requests for end in self.ends]
        ask()
        return tuple(end.requests - count for end, count in zip(self.ends, before, strict=True))


@pytest.fixture(scope="module")
def wires(mariadb: MariaDb, redis_server: RedisServer) -> Iterator[Wires]:
    ends = (Endpoint(mariadb.port), Endpoint(redis_server.port), Endpoint(redis_server.port))
    yield Wires(*ends)
    for end in ends:
        end.stop()


@pytest.fixture(scope="module")
def real_shop(
    wires: Wires, mariadb: MariaDb, redis_server: RedisServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Shop]:
    mariadb.create("read_scaling")
    database, cache, sessions = (end.port for end in wires.ends)
    environ = {
        "DATABASE_URL": mariadb.url("read_scaling", port=database),
        "CACHE_URL": redis_server.url(5, port=cache),
        "SESSION_URL": redis_server.url(6, port=sessions),
    }
    shop = ServedShop(tmp_path_factory.mktemp("shop"), environ)
    # What each connection asks once is no page's cost.
    shop.visitor().get("/search?q=crew")
    shop.visitor().add("OXF-SKY-M")
    yield shop
    shop.close()


def forget(shop: Shop) -> None:
    """Begin with an empty cache."""
    with shop.db() as db:
        pages.invalidate(shop.app.cache, db.scalars(select(Product)))


@pytest.mark.parametrize("path", PAGES)
def test_a_warm_page_costs_a_guest_one_trip_to_the_cache(real_shop: Shop, wires: Wires, path: str) -> None:
    visitor = real_shop.visitor()
    assert visitor.get(path).status_code == 200
    assert wires.trips(lambda: visitor.get(path)) == (0, 1, 0)


@pytest.mark.parametrize("path", PAGES)
def test_a_cold_page_costs_at_most_three_queries(real_shop: Shop, wires: Wires, path: str) -> None:
    forget(real_shop)
    database, _, sessions = wires.trips(lambda: real_shop.visitor().get(path))
    assert database <= 3
    assert sessions == 0


@pytest.mark.parametrize("path", PAGES)
def test_a_warm_page_with_a_cart_costs_a_customer_two_trips(real_shop: Shop, wires: Wires, path: str) -> None:
    visitor = real_shop.visitor()
    visitor.sign_up(f"{len(path)}@example.org")
    visitor.add("OXF-SKY-M")
    assert "Account</a>" in visitor.get(path).text
    database, cache, sessions = wires.trips(lambda: visitor.get(path))
    assert database == 0
    assert cache + sessions <= 2
    assert 'class="badge">1' in visitor.get(path).text


def test_a_narrowed_shelf_costs_one_trip_to_the_cache(real_shop: Shop, wires: Wires) -> None:
    visitor = real_shop.visitor()
    visitor.get("/shelves/knitwear?colour=forest")
    assert wires.trips(lambda: visitor.get("/shelves/knitwear?sort=price&stock=1")) == (0, 1, 0)


def test_search_costs_two_queries_and_finds_on_mariadb(real_shop: Shop, wires: Wires) -> None:
    visitor = real_shop.visitor()
    visitor.get("/search?q=crew")
    assert wires.trips(lambda: visitor.get("/search?q=crew")) == (2, 1, 0)
    assert "Everyday crew</h2>" in visitor.get("/search?q=LAMBSWOOL+cre").text
    assert "0 pieces found" in visitor.client.get("/search", query_string={"q": "\x00\U0010ffff ' zzz"}).text


def test_words_are_told_apart_on_mariadb_as_elsewhere(real_shop: Shop) -> None:
    with real_shop.db() as db:
        product = db.scalars(select(Product).where(Product.slug == "oxford-shirt")).one()
        product.name = "겨울코트 Straße"
        reindex(db, product)
        assert search(db, "울코트") == search(db, "strasse") == search(db, "겨") == [product.id]
        assert search(db, "코코") == []
        product.name = "Oxford shirt"
        reindex(db, product)
        assert search(db, "코트") == []


def test_a_change_is_seen_at_once_where_the_product_is_shown(real_shop: Shop) -> None:
    visitor = real_shop.visitor()
    for path in (*PAGES, "/shelves/knitwear?sort=price"):
        visitor.get(path)
    with real_shop.db() as db:
        crew = db.scalars(select(Product).where(Product.slug == "everyday-crew")).one()
        crew.name = "Daily crew"
        pages.invalidate(real_shop.app.cache, [crew])
    for path in (*PAGES, "/shelves/knitwear?sort=price"):
        assert "Daily crew" in visitor.get(path).text
