"""Money is whole cents and a currency; this is the one place that writes it down for people."""

CURRENCY = "EUR"
SIGNS = {"EUR": "€"}


def money(cents: int, currency: str = CURRENCY) -> str:
    """`money(123450)` is "€1,234.50"; a currency without a sign of its own stands in front by its code."""
    sign = SIGNS.get(currency, f"{currency}\N{NO-BREAK SPACE}")
    whole, rest = divmod(abs(cents), 100)
    return f"{'−' if cents < 0 else ''}{sign}{whole:,}.{rest:02}"
