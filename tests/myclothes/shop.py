"""A small shop with a known cast, and visitors who act as a browser would."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from apps.chassis.app import Application, create_app, open_database
from apps.chassis.migrations import migrate
from apps.chassis.settings import Settings
from apps.chassis.transactions import transaction
from apps.myclothes import SITE
from apps.myclothes.catalog.imports import apply_catalogue, read_catalogue
from apps.myclothes.catalog.models import Variant
from apps.myclothes.orders.models import Order, OrderLine

HEADING = "category,product,description,material,colour,swatch,size,sku,price_cents,stock,picture"
CATALOGUE = [
    HEADING,
    "Knitwear,Everyday crew,Soft.,Lambswool,Oatmeal,#d2c4ab,S,CREW-OAT-S,11900,5,everyday-crew-oatmeal.svg",
    "Knitwear,Everyday crew,Soft.,Lambswool,Oatmeal,#d2c4ab,M,CREW-OAT-M,11900,0,everyday-crew-oatmeal.svg",
    "Knitwear,Everyday crew,Soft.,Lambswool,Forest,#35493c,S,CREW-FOR-S,12900,3,everyday-crew-forest.svg",
    "Shirts & tees,Oxford shirt,Crisp.,Cotton,Sky,#a9bccd,M,OXF-SKY-M,8900,10,oxford-shirt-sky.svg",
    "Shirts & tees,Heavy tee,Dense 100% jersey.,Cotton,Ink,#23262f,M,TEE-INK-M,3900,0,heavy-tee-ink.svg",
]
PASSWORD = "a long enough password"
ADDRESS = {
    "name": "Ada Lovelace",
    "street": "12 St James's Square",
    "extra": "",
    "postal_code": "SW1Y 4JH",
    "city": "London",
    "country": "GB",
}


_filled: bytes | None = None


class Shop:
    """MyClothes with the small catalogue, in a database of its own."""

    def __init__(self, var: Path, environ: Mapping[str, str] | None = None) -> None:
        base = {"APP": "myclothes", "VAR_DIR": str(var), "SECRET_KEY": "a key that nobody guesses, in tests only"}
        self.environ = base | dict(environ or {})
        self.settings = Settings.from_environ(self.environ)
        self.settings.data_dir.mkdir(parents=True, exist_ok=True)
        self._fill()
        self.app: Application = create_app(self.settings)

    def _fill(self) -> None:
        """Migrate and import once for all tests, since that takes longer than most of them."""
        global _filled  # noqa: PLW0603
        file = self.settings.data_dir / "database.sqlite3"
        if _filled is None:
            migrate(SITE, self.settings)
            database = open_database(SITE, self.settings)
            assert database is not None
            with transaction(database) as db:
                apply_catalogue(db, read_catalogue(CATALOGUE))
            # The last connection that closes takes the write-ahead log into the file.
            database.dispose()
            _filled = file.read_bytes()
        file.write_bytes(_filled)

    @contextmanager
    def db(self) -> Iterator[Session]:
        """A transaction on the writer, committed at the end."""
        assert self.app.database is not None
        with transaction(self.app.database) as session:
            yield session

    def visitor(self) -> "Visitor":
        return Visitor(self)

    def variant(self, sku: str) -> Variant:
        with self.db() as db:
            return db.scalars(select(Variant).where(Variant.sku == sku)).one()

    def set_stock(self, sku: str, stock: int) -> None:
        with self.db() as db:
            db.scalars(select(Variant).where(Variant.sku == sku)).one().stock = stock

    def stock(self, sku: str) -> int:
        return self.variant(sku).stock

    def sold(self, sku: str) -> int:
        with self.db() as db:
            return db.scalar(select(func.coalesce(func.sum(OrderLine.quantity), 0)).where(OrderLine.sku == sku)) or 0

    def orders(self) -> list[Order]:
        with self.db() as db:
            return list(Order.latest(db))

    def close(self) -> None:
        close(self.app)


def close(app: Application) -> None:
    """Let go of everything that the app has opened."""
    assert app.database is not None
    app.database.dispose()
    app.cache.close()
    if app.session_store is not None:
        app.session_store.close()
    getattr(app.queue, "close", lambda: None)()


class Visitor:
    """A browser of its own, with its cookies."""

    def __init__(self, shop: Shop, client: FlaskClient | None = None) -> None:
        self.shop = shop
        self.client = client or shop.app.test_client()

    def get(self, path: str) -> TestResponse:
        return self.client.get(path)

    def post(self, path: str, form: Mapping[str, object] | None = None, **headers: str) -> TestResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post(path, data=dict(form or {}), headers={"Sec-Fetch-Site": "same-origin"} | named)

    def sign_up(self, email: str = "ada@example.org", **more: object) -> TestResponse:
        return self.post("/sign-up", {"name": "Ada", "email": email, "password": PASSWORD} | more)

    def sign_in(self, email: str = "ada@example.org", password: str = PASSWORD, **more: object) -> TestResponse:
        return self.post("/sign-in", {"email": email, "password": password} | more)

    def add(self, sku: str, quantity: object = 1) -> TestResponse:
        variant = self.shop.variant(sku)
        return self.post("/cart", {"variant": variant.id, "quantity": quantity, "product": "everyday-crew"})

    def checkout_form(self) -> dict[str, str]:
        """The address, with what the page of the checkout hides in its form."""
        page = self.get("/checkout").text
        hidden = re.findall(r'<input[^>]*name="(generation|total_cents)"[^>]*value="([^"]*)"', page)
        return ADDRESS | dict(hidden)

    def order(self, form: Mapping[str, str] | None = None) -> TestResponse:
        return self.post("/checkout", form or self.checkout_form())

    def pieces(self) -> str:
        """What the head of a page says about the cart."""
        found = re.search(r'class="badge">(\d+)', self.get("/").text)
        return found[1] if found else "0"
