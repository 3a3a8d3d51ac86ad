"""Receipts: one mail per order, whatever happens to its message."""

import email
import email.policy
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import update
from werkzeug.test import TestResponse

from apps.chassis.app import Application, create_worker
from apps.chassis.columns import now
from apps.chassis.jobs import Message
from apps.chassis.mail import MailRefused, MailUnavailable
from apps.chassis.settings import Settings
from apps.myclothes.orders.models import Order
from tests.myclothes.shop import Shop, Visitor, close


@pytest.fixture
def worker(shop: Shop) -> Iterator[Application]:
    worker = create_worker(Settings.from_environ(shop.environ | {"APP": "myclothes.worker"}))
    yield worker
    close(worker)


def post(worker: Application, path: str, body: str = "") -> TestResponse:
    headers = {"X-Aws-Sqsd-Msgid": "7", "Content-Type": "application/json"}
    return worker.test_client().post(path, data=body, headers=headers)


def place(visitor: Visitor) -> Order:
    visitor.add("OXF-SKY-M", 2)
    assert visitor.order().status_code == 303
    return visitor.shop.orders()[0]


def mails(shop: Shop) -> list[EmailMessage]:
    folder = shop.settings.data_dir / "mail"
    files = sorted(folder.glob("*.eml"))
    return [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in files]


def wait_for_cadence(shop: Shop, order: Order) -> None:
    with shop.db() as db:
        db.execute(update(Order).where(Order.id == order.id).values(placed_at=now() - timedelta(minutes=2)))


def test_an_order_queues_its_receipt(shop: Shop, ada: Visitor) -> None:
    place(ada)
    assert shop.app.queue.oldest_age() is not None


def test_a_receipt_says_what_was_ordered_in_text_and_html(shop: Shop, ada: Visitor, worker: Application) -> None:
    order = place(ada)
    assert post(worker, "/", Message.new("send_receipt", {"order_id": order.id}).encode()).status_code == 200
    (mail,) = mails(shop)
    assert mail["To"] == "ada@example.org"
    assert mail["Message-ID"] == f"<receipt.{order.number}@myclothes.test>"
    for kind in ("plain", "html"):
        part = mail.get_body((kind,))
        assert part is not None
        content = part.get_content()
        for shown in (order.number, "Oxford shirt", "€178.00", "London"):
            assert shown in content
    assert shop.orders()[0].receipt_sent_at is not None


def test_a_receipt_that_is_asked_for_twice_is_sent_once(shop: Shop, ada: Visitor, worker: Application) -> None:
    order = place(ada)
    for _ in range(2):
        post(worker, "/", Message.new("send_receipt", {"order_id": order.id}).encode())
    assert len(mails(shop)) == 1


def test_a_receipt_whose_message_was_lost_is_sent_by_the_cadence(shop: Shop, ada: Visitor, worker: Application) -> None:
    order = place(ada)
    assert post(worker, "/every/minute").status_code == 200
    assert mails(shop) == []
    wait_for_cadence(shop, order)
    for _ in range(2):
        assert post(worker, "/every/minute").status_code == 200
    assert len(mails(shop)) == 1
    assert shop.orders()[0].receipt_sent_at is not None


def test_a_receipt_that_cannot_be_sent_now_is_sent_later(
    shop: Shop, ada: Visitor, worker: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = place(ada)
    message = Message.new("send_receipt", {"order_id": order.id}).encode()
    with monkeypatch.context() as patch:
        patch.setattr(worker.mailer, "send", failing(MailUnavailable("no answer")))
        assert post(worker, "/", message).status_code != 200
    assert shop.orders()[0].receipt_sent_at is None
    assert post(worker, "/", message).status_code == 200
    assert len(mails(shop)) == 1


def test_a_receipt_that_is_refused_for_good_is_not_tried_for_ever(
    shop: Shop, ada: Visitor, worker: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = place(ada)
    monkeypatch.setattr(worker.mailer, "send", failing(MailRefused("no such mailbox")))
    wait_for_cadence(shop, order)
    assert post(worker, "/every/minute").status_code == 200
    assert shop.orders()[0].receipt_refused_at is not None
    monkeypatch.setattr(worker.mailer, "send", failing(AssertionError("tried again")))
    assert post(worker, "/every/minute").status_code == 200


def test_a_receipt_that_fails_keeps_no_other_from_being_sent(shop: Shop, ada: Visitor, worker: Application) -> None:
    failing_order = place(ada)
    wait_for_cadence(shop, failing_order)
    with shop.db() as db:
        # No header can be made of this, as it could be of nothing else that was taken for an address once.
        db.execute(update(Order).where(Order.id == failing_order.id).values(email="a@[.b"))
    wait_for_cadence(shop, place(ada))
    post(worker, "/every/minute")
    assert [mail["To"] for mail in mails(shop)] == ["ada@example.org"]


def test_a_receipt_for_no_order_is_done_with(worker: Application) -> None:
    assert post(worker, "/", Message.new("send_receipt", {"order_id": 12345}).encode()).status_code == 200


def test_a_receipt_is_sent_by_one_of_two_at_once(
    shop: Shop, ada: Visitor, worker: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = place(ada)
    message = Message.new("send_receipt", {"order_id": order.id}).encode()
    second = Message.new("send_receipt", {"order_id": order.id}).encode()
    sent: list[EmailMessage] = []

    def slow(mail: EmailMessage) -> None:
        # While this one is being handed over, another worker gets the same job by another message.
        monkeypatch.setattr(worker.mailer, "send", sent.append)
        with ThreadPoolExecutor(1) as other:
            assert other.submit(post, worker, "/", second).result(10).status_code == 200
        sent.append(mail)

    monkeypatch.setattr(worker.mailer, "send", slow)
    assert post(worker, "/", message).status_code == 200
    assert len(sent) == 1


def failing(error: Exception) -> object:
    def send(_: object) -> None:
        raise error

    return send
