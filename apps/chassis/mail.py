"""Mail: a folder, an SMTP server or Amazon SES. A fixed Message-ID makes a repeat known as one."""

from __future__ import annotations

import hashlib
import os
import re
import threading
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    import smtplib
    from email.message import EmailMessage

TIMEOUT_SECONDS = 10.0
LOOPBACK = ("127.0.0.1", "::1", "localhost")
REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-[0-9]{1,2}", re.ASCII)
PART = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", re.ASCII)


class MailUnavailable(Exception):
    """The mail could not be handed over now; sending it again later, with the same Message-ID, is right."""


class MailRefused(Exception):
    """The server refused this message or its recipients for good; sending it again will not help."""


class Mailer(Protocol):
    """Hands messages over to the mailbox or the server that a URL names."""

    def send(self, message: EmailMessage) -> None:
        """Hand over `message`, which needs From, To and Message-ID. Raises MailUnavailable, MailRefused, ValueError."""


def open_mailer(url: str) -> Mailer:
    """`folder:///absolute/folder`, `smtp://[user:password@]host[:port]` or `ses://region`.

    Raises ValueError for any other URL.
    """
    parts = urlsplit(url)
    if parts.scheme == "folder" and not parts.netloc and parts.path.startswith("/"):
        return FolderMailer(Path(unquote(parts.path)))
    if parts.scheme == "smtp" and parts.hostname:
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        return SmtpMailer(parts.hostname, parts.port or 587, user, password)
    if parts.scheme == "ses" and REGION.fullmatch(parts.netloc) and parts.path in ("", "/"):
        return SesMailer(parts.netloc)
    raise ValueError("mail takes folder:///absolute/folder, smtp://user:password@host:port or ses://region")


def message_id(kind: str, identifier: int | str, domain: str = "localhost") -> str:
    """The Message-ID of the one message of this kind about this thing, such as `<receipt.7@shop.example>`.

    Raises ValueError unless each part is made of ASCII letters, digits, dots, hyphens and underscores.
    """
    parts = (kind, str(identifier), domain)
    if not all(PART.fullmatch(part) for part in parts):
        raise ValueError(f"no Message-ID can be made of {parts!r}")
    return f"<{kind}.{identifier}@{domain}>"


class FolderMailer:
    """One `.eml` file per Message-ID; a message that the folder holds already is not written again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, message: EmailMessage) -> None:
        content = _checked(message).as_bytes()
        final = self.folder / f"{hashlib.sha256(str(message['Message-ID']).encode()).hexdigest()[:32]}.eml"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            _write_once(final, content)
        except OSError as error:
            raise MailUnavailable(f"{self.folder}: {error.strerror or error}") from error


class SmtpMailer:
    """A new connection per message, encrypted whenever the server offers it; a password never travels in the clear."""

    def __init__(self, host: str, port: int, user: str, password: str) -> None:
        self.host, self.port, self.user, self.password = host, port, user, password

    def send(self, message: EmailMessage) -> None:
        import smtplib

        _checked(message)
        try:
            with smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_SECONDS) as server:
                self._introduce(server)
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            _refuse([code for code, _ in error.recipients.values()], error)
        except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
            _refuse([error.smtp_code], error)
        except (smtplib.SMTPException, OSError) as error:
            raise MailUnavailable(f"{self.host}:{self.port}: {error}") from error

    def _introduce(self, server: smtplib.SMTP) -> None:
        import ssl

        server.ehlo()
        encrypted = server.has_extn("starttls")
        if encrypted:
            server.starttls(context=ssl.create_default_context())
        if self.user:
            if not encrypted and self.host not in LOOPBACK:
                raise MailUnavailable(f"{self.host}:{self.port} offers no encryption, so the password was not sent")
            server.login(self.user, self.password)


class SesMailer:
    """Amazon SES in one region, with the credentials of the instance's role.

    SES puts a Message-ID of its own in place of ours, so a mail that is sent again after a crash is not known as one.
    """

    def __init__(self, region: str) -> None:
        self.region = region
        self._lock = threading.Lock()
        self._client: Any = None

    def send(self, message: EmailMessage) -> None:
        content = _checked(message).as_bytes()
        # Loading boto3 takes longer than starting the site, so it waits for the first mail.
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            self._ses().send_raw_email(RawMessage={"Data": content})
        except ClientError as error:
            raise (MailRefused if _is_final(error) else MailUnavailable)(str(error)) from error
        except BotoCoreError as error:
            raise MailUnavailable(f"SES in {self.region}: {error}") from error

    def _ses(self) -> Any:
        with self._lock:
            if self._client is None:
                import boto3
                from botocore.config import Config

                patience = Config(
                    connect_timeout=3, read_timeout=TIMEOUT_SECONDS / 2, retries={"total_max_attempts": 2}
                )
                self._client = boto3.session.Session().client("ses", region_name=self.region, config=patience)
            return self._client


def _is_final(error: Any) -> bool:
    """Whether SES will never take this message. A sender that is not verified yet is for us to mend, so mail waits."""
    told = error.response.get("Error", {})
    refused = told.get("Code") in ("MessageRejected", "InvalidParameterValue")
    return refused and "not verified" not in told.get("Message", "")


def _refuse(codes: list[int], error: Exception) -> None:
    """5xx answers to the message are final; 4xx, and 53x (our own sign-in), may pass when somebody has seen to it."""
    final = all(code >= 500 and code // 10 != 53 for code in codes)
    raise (MailRefused if final else MailUnavailable)(str(error)) from error


def _checked(message: EmailMessage) -> EmailMessage:
    missing = [name for name in ("From", "To", "Message-ID") if not message[name]]
    if missing:
        raise ValueError(f"a message needs {', '.join(missing)}")
    return message


def _write_once(final: Path, content: bytes) -> None:
    temporary = final.with_name(f".{uuid.uuid4().hex}")
    try:
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        # A link, unlike a rename, never replaces: of two senders at once one wins and the other has nothing to do.
        os.link(temporary, final)
    except FileExistsError:
        return
    finally:
        temporary.unlink(missing_ok=True)
