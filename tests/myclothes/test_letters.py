"""Letters: one mail for each, whatever happens to its message."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from apps.chassis.columns import now
from apps.chassis.letters.writing import Moot
from apps.chassis.mail import MailRefused, MailUnavailable
from apps.chassis.settings import Settings
from apps.myclothes.letters.models import Letter
from apps.myclothes.letters.writing import write, writes
from tests.myclothes.post import PostOffice
from tests.myclothes.shop import Shop


@writes("note")
def note(db: Session, letter: Letter, settings: Settings) -> EmailMessage:
    if letter.about == "moot":
        raise Moot("nobody reads it")
    message = EmailMessage()
    message["Message-ID"] = f"<note.{letter.about}@shop.example>"
    message["From"], message["To"] = "shop@shop.example", letter.recipient
    message.set_content(str(letter.fact("text")))
    return message


def owe(shop: Shop, about: str = "7", recipient: str = "ada@example.org") -> int:
    with shop.db() as db:
        return Letter.owe(db, "note", about, recipient, "en", text=f"It is about {about}.").id


def change(shop: Shop, **values: object) -> None:
    with shop.db() as db:
        db.execute(update(Letter).values(**values))


def wait_for_cadence(shop: Shop) -> None:
    change(shop, created_at=now() - timedelta(minutes=2))


def only_letter(shop: Shop) -> Letter:
    with shop.db() as db:
        return db.scalars(select(Letter)).one()


def failing(error: Exception) -> object:
    def send(_: object) -> None:
        raise error

    return send


def test_a_letter_about_a_thing_is_owed_once(shop: Shop) -> None:
    assert owe(shop) == owe(shop)
    assert owe(shop, "8") != owe(shop, "7")


def test_a_letter_that_is_asked_for_twice_is_sent_once(shop: Shop, post: PostOffice) -> None:
    letter_id = owe(shop)
    for _ in range(2):
        assert post.job("send_letter", letter_id=letter_id).status_code == 200
    assert len(post.mails()) == 1
    assert only_letter(shop).sent_at is not None


def test_a_letter_whose_message_was_lost_is_sent_by_the_cadence(shop: Shop, post: PostOffice) -> None:
    owe(shop)
    assert post.post("/every/minute").status_code == 200
    assert post.mails() == []
    wait_for_cadence(shop)
    for _ in range(2):
        assert post.post("/every/minute").status_code == 200
    assert len(post.mails()) == 1


def test_a_letter_that_cannot_be_sent_now_rests_and_is_sent_later(
    shop: Shop, post: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter_id = owe(shop)
    with monkeypatch.context() as patch:
        patch.setattr(post.worker.mailer, "send", failing(MailUnavailable("no answer")))
        assert post.job("send_letter", letter_id=letter_id).status_code == 500
    rests_until = only_letter(shop).claimed_until
    assert rests_until is not None
    assert now() < rests_until < now() + timedelta(minutes=2)
    change(shop, claimed_until=now() - timedelta(seconds=1))
    assert post.job("send_letter", letter_id=letter_id).status_code == 200
    assert len(post.mails()) == 1


@pytest.mark.parametrize("about", ["7", "moot"])
def test_a_letter_that_is_refused_for_good_is_not_tried_for_ever(
    shop: Shop, post: PostOffice, monkeypatch: pytest.MonkeyPatch, about: str
) -> None:
    monkeypatch.setattr(post.worker.mailer, "send", failing(MailRefused("no such mailbox")))
    owe(shop, about)
    wait_for_cadence(shop)
    assert post.post("/every/minute").status_code == 200
    assert only_letter(shop).refused_at is not None
    monkeypatch.setattr(post.worker.mailer, "send", failing(AssertionError("tried again")))
    assert post.post("/every/minute").status_code == 200
    assert only_letter(shop).claimed_until is None


def test_letters_that_fail_keep_no_other_from_being_sent(
    shop: Shop, post: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.chassis.letters.jobs.MOST_AT_ONCE", 2)
    for number in range(5):
        # No header can be made of this, as it could be of nothing else that was taken for an address once.
        owe(shop, f"bad-{number}", "a@[.b")
    owe(shop, "good")
    wait_for_cadence(shop)
    assert post.post("/every/minute").status_code == 200
    assert [mail["To"] for mail in post.mails()] == ["ada@example.org"]


def test_a_letter_that_nobody_has_tried_goes_before_one_that_fails_again_and_again(
    shop: Shop, post: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    owe(shop, "failed-before")
    change(shop, claimed_until=now() - timedelta(minutes=1))
    owe(shop, "new")
    wait_for_cadence(shop)
    sent: list[EmailMessage] = []
    monkeypatch.setattr(post.worker.mailer, "send", sent.append)
    post.post("/every/minute")
    assert [mail["Message-ID"] for mail in sent] == ["<note.new@shop.example>", "<note.failed-before@shop.example>"]


def test_a_letter_that_does_not_exist_is_done_with(post: PostOffice) -> None:
    assert post.job("send_letter", letter_id=12345).status_code == 200


def test_a_letter_is_sent_by_one_of_two_at_once(shop: Shop, post: PostOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    letter_id = owe(shop)
    sent: list[EmailMessage] = []

    def slow(mail: EmailMessage) -> None:
        # While this one is being handed over, another worker gets the same job by another message.
        monkeypatch.setattr(post.worker.mailer, "send", sent.append)
        with ThreadPoolExecutor(1) as other:
            assert other.submit(post.job, "send_letter", letter_id=letter_id).result(10).status_code == 200
        sent.append(mail)

    monkeypatch.setattr(post.worker.mailer, "send", slow)
    assert post.job("send_letter", letter_id=letter_id).status_code == 200
    assert len(sent) == 1


def test_a_letter_is_owed_only_if_what_gives_cause_for_it_is_kept(shop: Shop) -> None:
    with shop.db() as db:
        Letter.owe(db, "note", "7", "ada@example.org", "en")
        db.rollback()
    with shop.db() as db:
        assert db.scalars(select(Letter)).all() == []
    assert shop.app.queue.oldest_age() is None


def test_two_writers_of_a_kind_are_a_mistake(shop: Shop) -> None:
    with pytest.raises(ValueError, match="two writers write note"):
        writes("note")
    owe(shop)
    change(shop, kind="unknown")
    with pytest.raises(KeyError), shop.db() as db:
        write(db, db.scalars(select(Letter)).one(), shop.settings)
