"""The worker of a small shop, and the mail that it has sent."""

from email.message import EmailMessage

from sqlalchemy import select
from werkzeug.test import TestResponse

from apps.chassis.app import Application, create_worker
from apps.chassis.jobs import Message
from apps.chassis.settings import Settings
from apps.myclothes.letters.models import Letter
from tests.myclothes.shop import Shop
from tests.support.mails import content as content
from tests.support.mails import link as link
from tests.support.mails import mails_in


class PostOffice:
    """Does the shop's jobs when it is told to, and reads the folder in which mail ends up."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.worker: Application = create_worker(Settings.from_environ(shop.environ | {"APP": "myclothes.worker"}))

    def job(self, name: str, **arguments: object) -> TestResponse:
        return self.post("/", Message.new(name, arguments).encode())

    def post(self, path: str, body: str = "") -> TestResponse:
        headers = {"X-Aws-Sqsd-Msgid": "7", "Content-Type": "application/json"}
        return self.worker.test_client().post(path, data=body, headers=headers)

    def deliver(self, kind: str) -> EmailMessage:
        """Send the newest letter of this kind, and show it."""
        with self.shop.db() as db:
            letter_id = db.scalars(select(Letter.id).where(Letter.kind == kind).order_by(Letter.id.desc())).first()
        assert self.job("send_letter", letter_id=letter_id).status_code == 200
        return self.mails()[-1]

    def mails(self) -> list[EmailMessage]:
        """All that was sent, oldest first."""
        return mails_in(self.shop.settings.data_dir / "mail")
