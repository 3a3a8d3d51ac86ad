"""The shop as experiments need it: what stands, what is sold, and what its database says."""

import http.client
import re

from lab.running import databases
from lab.running.architecture import Architecture, Stage, architecture

APP = "myclothes"
FIRST, SECOND = f"{APP}-1", f"{APP}-2"
WEB = (f"{APP}-?", f"{APP}-seed", "cloud", "relay-?", "database-*", "promoter")
REDIS = ("cache-*", "sentinel-*")
WORKER = (f"{APP}-worker-1", f"{APP}-daemon-1")
SHELF_LINK, PRODUCT_LINK = re.compile(r'href="(/shelves/[\w-]+)'), re.compile(r'href="(/products/[\w-]+)')


def shop(*services: str, **switches: object) -> Architecture:
    """The shop with its database, and with these other services."""
    return architecture(*WEB, *services, **switches)


class Catalogue:
    """What is sold: a shelf and the products on it, as a visitor finds them."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.shelf = SHELF_LINK.findall(self._page("/"))[0]
        self.products = list(dict.fromkeys(PRODUCT_LINK.findall(self._page(self.shelf))))

    def _page(self, path: str) -> str:
        port = self._stage.switches.port
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.request("GET", path, headers={"Host": f"{APP}.localhost:{port}"})
            return connection.getresponse().read().decode()
        finally:
            connection.close()


def plentiful(stage: Stage, least: int = 5) -> list[int]:
    """The pieces of which there are so many at least."""
    told = sql(stage, databases.writer(stage), "SELECT id, stock FROM variants ORDER BY id")
    rows = [line.split("\t") for line in told.splitlines()]
    return [int(variant) for variant, stock in rows if int(stock) >= least]


def sql(stage: Stage, server: str, statement: str) -> str:
    """What a database server answers of the shop, its columns parted by tabs."""
    return databases.sql(stage, server, statement, APP)
