"""Mail: once into a folder, at least once to a real SMTP server, never with a forged header."""

import email
import email.policy
import socket
import ssl
import subprocess
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope

from apps.chassis.mail import MailRefused, MailUnavailable, message_id, open_mailer

pytestmark = pytest.mark.unit


def receipt(to: str = "ann@example.com", identifier: int = 7) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Shop <shop@example.com>"
    message["To"] = to
    message["Subject"] = "Your order \N{SNOWMAN}"
    message["Message-ID"] = message_id("receipt", identifier, "shop.example.com")
    message.set_content("Thank you. 감사합니다.\n")
    return message


def test_a_message_id_names_one_message_for_ever() -> None:
    assert message_id("receipt", 7, "shop.example.com") == "<receipt.7@shop.example.com>"


@pytest.mark.parametrize("part", ["", "a b", "a\r\nBcc: x", "a@b", "<a", "ä", "a" * 101])
def test_a_message_id_is_made_of_plain_parts_only(part: str) -> None:
    with pytest.raises(ValueError, match="no Message-ID"):
        message_id("receipt", part)


def test_a_folder_holds_one_readable_file_per_message(tmp_path: Path) -> None:
    mailer = open_mailer(f"folder://{tmp_path}/mail")
    mailer.send(receipt(identifier=7))
    mailer.send(receipt(identifier=8))
    files = sorted((tmp_path / "mail").iterdir())
    assert [path.suffix for path in files] == [".eml", ".eml"]
    read = email.message_from_bytes(files[0].read_bytes(), policy=email.policy.default)
    assert read["Subject"] == "Your order \N{SNOWMAN}"
    assert read.get_content() == "Thank you. 감사합니다.\n"


def test_a_message_that_the_folder_holds_is_not_written_again(tmp_path: Path) -> None:
    mailer = open_mailer(f"folder://{tmp_path}")
    mailer.send(receipt())
    (file,) = tmp_path.iterdir()
    before = (file.stat().st_ino, file.read_bytes())
    repeated = receipt()
    repeated.set_content("Something else.\n")
    mailer.send(repeated)
    assert [(path.stat().st_ino, path.read_bytes()) for path in tmp_path.iterdir()] == [before]


def test_a_folder_that_cannot_be_written_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(MailUnavailable):
        open_mailer(f"folder://{tmp_path}/file/mail").send(receipt())


@pytest.mark.parametrize("header", ["To", "Subject", "From", "Reply-To"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_a_header_cannot_be_smuggled_in(header: str, newline: str) -> None:
    with pytest.raises(ValueError, match="linefeed"):
        EmailMessage()[header] = f"ann@example.com{newline}Bcc: everybody@example.com"


@pytest.mark.parametrize("missing", ["From", "To", "Message-ID"])
def test_an_incomplete_message_is_a_mistake_of_ours(tmp_path: Path, missing: str) -> None:
    message = receipt()
    del message[missing]
    with pytest.raises(ValueError, match=missing):
        open_mailer(f"folder://{tmp_path}").send(message)


@pytest.mark.parametrize("url", ["folder:relative", "smtp:", "http://mail", ""])
def test_another_url_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="mail takes"):
        open_mailer(url)


class Mailbox:
    """Takes everything but what is addressed to nobody@ (refused) and busy@ (not now)."""

    def __init__(self) -> None:
        self.received: list[Envelope] = []

    async def handle_RCPT(self, server: SMTP, session: Any, envelope: Envelope, address: str, options: Any) -> str:  # noqa: N802
        if address.startswith("nobody@"):
            return "550 no such user"
        if address.startswith("busy@"):
            return "451 not now"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Envelope) -> str:  # noqa: N802
        if b"refuse this content" in (envelope.content or b""):
            return "554 not with us"
        envelope.encrypted = session.ssl is not None  # type: ignore[attr-defined]
        self.received.append(envelope)
        return "250 OK"


def serve(mailbox: Mailbox, **options: Any) -> Iterator[Controller]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(mailbox, hostname="127.0.0.1", port=port, **options)
    controller.start()
    yield controller
    controller.stop()


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def plain(mailbox: Mailbox) -> Iterator[Controller]:
    yield from serve(mailbox, authenticator=check, auth_require_tls=False)


@pytest.fixture
def encrypted(mailbox: Mailbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Controller]:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    options = ["-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost"]
    options += ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(["openssl", "req", "-x509", *options], check=True, capture_output=True)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    yield from serve(mailbox, tls_context=context, authenticator=check, auth_require_tls=True)


def check(server: SMTP, session: Any, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    return AuthResult(success=(data.login, data.password) == (b"app", b"p@ss:word"), handled=False)


def test_an_smtp_server_receives_the_message(mailbox: Mailbox, plain: Controller) -> None:
    open_mailer(f"smtp://127.0.0.1:{plain.port}").send(receipt())
    (envelope,) = mailbox.received
    assert (envelope.mail_from, envelope.rcpt_tos) == ("shop@example.com", ["ann@example.com"])
    assert isinstance(envelope.content, bytes)
    assert b"Message-ID: <receipt.7@shop.example.com>" in envelope.content


def test_what_a_server_encrypts_is_sent_encrypted_with_the_password(mailbox: Mailbox, encrypted: Controller) -> None:
    open_mailer(f"smtp://app:p%40ss%3Aword@localhost:{encrypted.port}").send(receipt())
    assert [envelope.encrypted for envelope in mailbox.received] == [True]  # type: ignore[attr-defined]


def test_a_server_with_a_foreign_certificate_gets_nothing(
    mailbox: Mailbox, encrypted: Controller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(MailUnavailable):
        open_mailer(f"smtp://localhost:{encrypted.port}").send(receipt())
    assert mailbox.received == []


def test_a_wrong_password_is_for_us_to_mend_so_the_mail_waits(plain: Controller) -> None:
    with pytest.raises(MailUnavailable):
        open_mailer(f"smtp://app:wrong@127.0.0.1:{plain.port}").send(receipt())


def test_a_refused_recipient_or_content_is_refused_for_good(plain: Controller) -> None:
    mailer = open_mailer(f"smtp://127.0.0.1:{plain.port}")
    with pytest.raises(MailRefused):
        mailer.send(receipt("nobody@example.com"))
    message = receipt()
    message.set_content("refuse this content")
    with pytest.raises(MailRefused):
        mailer.send(message)


def test_a_busy_mailbox_is_worth_another_try(plain: Controller) -> None:
    with pytest.raises(MailUnavailable):
        open_mailer(f"smtp://127.0.0.1:{plain.port}").send(receipt("busy@example.com"))


def test_a_server_that_is_away_is_unavailable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(MailUnavailable):
        open_mailer(f"smtp://127.0.0.1:{port}").send(receipt())
