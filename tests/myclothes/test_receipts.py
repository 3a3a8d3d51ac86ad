"""The receipt of an order."""

from sqlalchemy import select

from apps.myclothes.letters.models import Letter
from tests.myclothes.post import PostOffice, content
from tests.myclothes.shop import Shop, Visitor

PAYS = "4111222233330005"


def receipts(shop: Shop) -> list[Letter]:
    with shop.db() as db:
        return list(db.scalars(select(Letter).where(Letter.kind == "receipt")))


def test_a_receipt_is_owed_once_an_order_is_paid_and_says_what_was_ordered(
    shop: Shop, ada: Visitor, post: PostOffice
) -> None:
    ada.add("OXF-SKY-M", 2)
    payment = ada.order().location
    assert receipts(shop) == []
    assert ada.post(payment, {"card": PAYS}).status_code == 303
    (letter,) = receipts(shop)
    mail = post.deliver("receipt")
    assert mail["To"] == "ada@example.org"
    assert mail["Message-ID"].startswith(f"<receipt.{letter.id}.")
    for kind in ("plain", "html"):
        for shown in (shop.orders()[0].number, "Oxford shirt", "€178.00", "Berlin"):
            assert shown in content(mail, kind)
