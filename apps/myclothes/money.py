"""Money is whole cents and a currency; this is the one place that writes it down for people."""

from apps.chassis.formats import format_money

CURRENCY = "EUR"


def money(cents: int, currency: str = CURRENCY) -> str:
    """`money(123450)` is "€1,234.50" as the request's language has it; unknown currencies stand in front by code."""
    return format_money(cents, currency)
