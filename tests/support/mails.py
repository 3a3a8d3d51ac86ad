"""Mail that a site has sent into its folder, and what stands in it."""

import email
import email.policy
import re
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit


def mails_in(folder: Path) -> list[EmailMessage]:
    """All that was sent, oldest first."""
    files = sorted(folder.glob("*.eml"), key=lambda file: file.stat().st_mtime_ns)
    return [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in files]


def content(mail: EmailMessage, kind: str = "plain") -> str:
    """The text of a mail's part: `plain` or `html`."""
    part = mail.get_body((kind,))
    assert part is not None
    found: str = part.get_content()
    return found


def link(mail: EmailMessage) -> str:
    """Path and parameters of the link in a mail."""
    found = re.search(r"https?://\S+", content(mail))
    assert found is not None
    parts = urlsplit(found[0])
    return f"{parts.path}?{parts.query}"
