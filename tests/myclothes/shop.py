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
from apps.myclothes.catalog.imports import apply, plan_import
from apps.myclothes.catalog.ledger import set_count
from apps.myclothes.catalog.models import Variant
from apps.myclothes.orders.models import Order, OrderLine
from tests.support.apps import close

HEADING = (
    "Type,SKU,Name,Description,Regular price,Categories,Images,Parent,Stock,Meta: swatch,"
    "Attribute 1 name,Attribute 1 value(s),Attribute 2 name,Attribute 2 value(s),Attribute 3 name,Attribute 3 value(s)"
)
CREW = "variation,{sku},,,{price},,everyday-crew-{picture}.svg,CREW,{stock},{swatch},Colour,{colour},Size,{size},,"
OATMEAL = CREW.replace("{colour}", "Oatmeal").replace("{swatch}", "#d2c4ab").replace("{picture}", "oatmeal")
FOREST = CREW.replace("{colour}", "Forest").replace("{swatch}", "#35493c").replace("{picture}", "forest")
CATALOGUE = [
    HEADING,
    'variable,CREW,Everyday crew,Soft.,,Knitwear,,,,,Colour,"Oatmeal, Forest",Size,"S, M",Material,Lambswool',
    OATMEAL.format(sku="CREW-OAT-S", price="119.00", stock=5, size="S"),
    OATMEAL.format(sku="CREW-OAT-M", price="119.00", stock=0, size="M"),
    FOREST.format(sku="CREW-FOR-S", price="129.00", stock=3, size="S"),
    "simple,OXF-SKY-M,Oxford shirt,Crisp.,89.00,Shirts & tees,oxford-shirt-sky.svg,,10,#a9bccd,"
    "Colour,Sky,Size,M,Material,Cotton",
    "simple,TEE-INK-M,Heavy tee,Dense 100% jersey.,39.00,Shirts & tees,heavy-tee-ink.svg,,0,#23262f,"
    "Colour,Ink,Size,M,Material,Cotton",
]
PASSWORD = "a long enough password"
ADDRESS = {
    "name": "Ada Lovelace",
    "street": "12 St James's Square",
    "extra": "",
    "postal_code": "10117",
    "city": "Berlin",
    "country": "DE",
    "method": "standard",
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
            self._import()
            # The last connection has closed, and so taken the write-ahead log into the file.
            _filled = file.read_bytes()
        file.write_bytes(_filled)

    def _import(self) -> None:
        migrate(SITE, self.settings)
        database = open_database(SITE, self.settings)
        assert database is not None
        with transaction(database) as db:
            apply(db, plan_import(db, "\n".join(CATALOGUE)))
        database.dispose()

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
            set_count(db, db.scalars(select(Variant).where(Variant.sku == sku)).one(), stock)

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


class ServedShop(Shop):
    """The small shop on the servers that its environment names."""

    def _fill(self) -> None:
        self._import()


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

    def checkout_form(self, **more: object) -> dict[str, str]:
        """The address, with what the page that tells the total hides in its form."""
        told = ADDRESS | {"generation": "0"} | {name: str(value) for name, value in more.items()}
        page = self.post("/checkout/quotation", told).text
        return told | dict(re.findall(r'<input[^>]*name="(generation|seen_cents)"[^>]*value="([^"]*)"', page))

    def order(self, form: Mapping[str, str] | None = None) -> TestResponse:
        return self.post("/checkout", form or self.checkout_form())

    def pieces(self) -> str:
        """What the head of a page says about the cart."""
        found = re.search(r'class="badge">(\d+)', self.get("/").text)
        return found[1] if found else "0"
