"""Mail through Amazon SES, as ministack plays it."""

import json
import urllib.request
from typing import Any

import pytest

from apps.chassis.mail import MailRefused, MailUnavailable, SesMailer, open_mailer
from tests.chassis.test_mail import receipt
from tests.services.ministack import Ministack

REGION = "eu-central-1"


@pytest.fixture
def ses(ministack: Ministack, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A client of SES, where shop@example.com may send."""
    import boto3

    monkeypatch.setenv("AWS_ENDPOINT_URL", ministack.url)
    client = boto3.client("ses", region_name=REGION)
    client.verify_email_identity(EmailAddress="shop@example.com")
    return client


def sent(ministack: Ministack) -> list[dict[str, Any]]:
    with urllib.request.urlopen(f"{ministack.url}/_ministack/ses/messages") as answer:
        of_accounts: dict[str, list[dict[str, Any]]] = json.load(answer)["messages"]
    return [message for messages in of_accounts.values() for message in messages]


def test_a_mail_leaves_through_ses(ministack: Ministack, ses: Any) -> None:
    before = len(sent(ministack))
    open_mailer(f"ses://{REGION}").send(receipt())
    (mail,) = sent(ministack)[before:]
    assert (mail["Source"], mail["To"]) == ("Shop <shop@example.com>", ["ann@example.com"])


def test_a_sender_that_is_not_verified_yet_keeps_the_mail_waiting(ses: Any) -> None:
    message = receipt()
    message.replace_header("From", "stranger@elsewhere.example")
    with pytest.raises(MailUnavailable, match="not verified"):
        open_mailer(f"ses://{REGION}").send(message)


def test_ses_that_is_away_is_unavailable(monkeypatch: pytest.MonkeyPatch, ses: Any) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    with pytest.raises(MailUnavailable):
        open_mailer(f"ses://{REGION}").send(receipt())


@pytest.mark.parametrize(
    ("code", "text", "raised"),
    [
        ("MessageRejected", "The message contains a virus.", MailRefused),
        ("InvalidParameterValue", "Domain contains control or whitespace", MailRefused),
        ("MessageRejected", "Email address is not verified.", MailUnavailable),
        ("Throttling", "Maximum sending rate exceeded.", MailUnavailable),
    ],
)
def test_what_ses_refuses_for_good_is_told_from_what_may_pass(
    monkeypatch: pytest.MonkeyPatch, code: str, text: str, raised: type[Exception]
) -> None:
    from botocore.exceptions import ClientError

    class Refusing:
        def send_raw_email(self, **_: object) -> None:
            raise ClientError({"Error": {"Code": code, "Message": text}}, "SendRawEmail")

    mailer = SesMailer(REGION)
    monkeypatch.setattr(mailer, "_client", Refusing())
    with pytest.raises(raised, match=text):
        mailer.send(receipt())


@pytest.mark.parametrize("url", ["ses://", "ses://shop.example.com", "ses://eu-central-1/path", "ses:eu-central-1"])
def test_ses_takes_a_region(url: str) -> None:
    with pytest.raises(ValueError, match="mail takes"):
        open_mailer(url)
