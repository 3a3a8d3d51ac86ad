"""The mail that confirms an order."""

from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, select_autoescape

from apps.chassis.mail import message_id
from apps.myclothes.money import money
from apps.myclothes.orders.models import Order

TEMPLATES = Path(__file__).parent.parent / "templates"


def receipt(order: Order, public_url: str | None) -> EmailMessage:
    """The receipt in text and HTML. Whenever it is made, it carries the same Message-ID and the order's own date."""
    domain = urlsplit(public_url or "").hostname or "myclothes.test"
    message = EmailMessage()
    message["Message-ID"] = message_id("receipt", order.number, domain)
    message["Date"] = format_datetime(order.placed_at)
    message["From"] = Address("MyClothes", "orders", domain)
    message["To"] = order.email
    message["Subject"] = f"Your order {order.number}"
    link = f"{public_url.rstrip('/')}/orders/{order.number}" if public_url else None
    message.set_content(_templates().get_template("mail/receipt.txt.jinja").render(order=order, link=link))
    html = _templates().get_template("mail/receipt.html.jinja").render(order=order, link=link)
    message.add_alternative(html, subtype="html")
    return message


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(("html.jinja",)),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["money"] = money
    return environment
