"""Where the shop sends to, by which methods, and the tax that is due there. Data and whole numbers, nothing else.

Prices in the shop include the home country's VAT. Within the union a customer pays the price that is shown, and the VAT
in it is that of the destination. Beyond it the home VAT is taken off each price, and no tax of ours is due.

Rounding: always to whole cents, half a cent up. Tax is reckoned once, from an order's total; where VAT is taken off,
each piece's price is rounded by itself, so that the lines add up to what they say.
"""

from dataclasses import dataclass
from enum import StrEnum

from apps.chassis.languages import later

HOME = "DE"

# Standard rates in tenths of a per cent.
UNION_VAT = {
    "AT": 200, "BE": 210, "BG": 200, "HR": 250, "CY": 190, "CZ": 210, "DK": 250, "EE": 240, "FI": 255, "FR": 200,
    "DE": 190, "GR": 240, "HU": 270, "IE": 230, "IT": 220, "LV": 210, "LT": 210, "LU": 170, "MT": 180, "NL": 210,
    "PL": 230, "PT": 230, "RO": 210, "SK": 230, "SI": 220, "ES": 210, "SE": 250,
}  # fmt: skip
NEIGHBOURS = ("NO", "CH", "GB")
OVERSEAS = ("KR",)


class Zone(StrEnum):
    """How far away a destination is."""

    HOME = "home"
    UNION = "union"
    NEIGHBOURS = "neighbours"
    OVERSEAS = "overseas"


@dataclass(frozen=True, slots=True)
class Method:
    """A way of sending to one zone, at shop prices; free from `free_from_cents` worth of goods on, if that is given."""

    name: str
    cents: int
    days: str
    free_from_cents: int | None = None


METHOD_NAMES = {"standard": later("Standard"), "express": later("Express")}
METHODS = {
    Zone.HOME: (Method("standard", 490, "2–3", 10_000), Method("express", 990, "1")),
    Zone.UNION: (Method("standard", 890, "3–6", 15_000), Method("express", 1_790, "2")),
    Zone.NEIGHBOURS: (Method("standard", 1_490, "4–8", 25_000), Method("express", 2_990, "2–3")),
    Zone.OVERSEAS: (Method("standard", 2_490, "8–14", 40_000), Method("express", 4_990, "3–5")),
}


def zone_of(country: str) -> Zone:
    """The zone of a country we send to; KeyError for any other."""
    if country == HOME:
        return Zone.HOME
    if country in UNION_VAT:
        return Zone.UNION
    return {**dict.fromkeys(NEIGHBOURS, Zone.NEIGHBOURS), **dict.fromkeys(OVERSEAS, Zone.OVERSEAS)}[country]


def method_of(country: str, name: str) -> Method:
    """The method of that name to that country; KeyError if there is none."""
    return {method.name: method for method in METHODS[zone_of(country)]}[name]


def price_at(country: str, shop_cents: int) -> int:
    """What a price of the shop, with the home VAT in it, is at this destination."""
    return shop_cents if country in UNION_VAT else shop_cents - included_tax(HOME, shop_cents)


def included_tax(country: str, gross_cents: int) -> int:
    """The tax within a price paid at this destination, to the nearest cent, half a cent up."""
    rate = UNION_VAT.get(country, 0)
    return (2 * gross_cents * rate + 1000 + rate) // (2 * (1000 + rate))
