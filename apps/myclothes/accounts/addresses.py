"""The address book."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from apps.chassis.columns import now
from apps.chassis.database import UtcDateTime
from apps.myclothes.accounts.models import Customer
from apps.myclothes.models import Base

MOST = 20
# Where the shop sends to.
COUNTRIES = (
    "AT", "BE", "BG", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GR", "HR", "HU", "IE", "IT", "KR",
    "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
)  # fmt: skip


class AddressBookFull(Exception):
    """A customer keeps as many addresses as a book takes."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where an order goes."""

    name: str
    street: str
    extra: str
    postal_code: str
    city: str
    country: str


class Addressed:
    """The columns of an address, for the model of what has one."""

    name: Mapped[str] = mapped_column(String(120))
    street: Mapped[str] = mapped_column(String(120))
    extra: Mapped[str] = mapped_column(String(120))
    postal_code: Mapped[str] = mapped_column(String(20))
    city: Mapped[str] = mapped_column(String(80))
    country: Mapped[str] = mapped_column(String(2))


class SavedAddress(Addressed, Base):
    """An address that a customer keeps; the one used last is offered first."""

    __tablename__ = "addresses"

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    used_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @classmethod
    def of(cls, db: Session, customer: Customer) -> Sequence["SavedAddress"]:
        """What a customer keeps; the one used last comes first."""
        found = select(cls).where(cls.customer_id == customer.id)
        return db.scalars(found.order_by(cls.used_at.desc(), cls.id.desc()).limit(MOST)).all()

    @classmethod
    def with_id(cls, db: Session, customer: Customer, address_id: int) -> "SavedAddress | None":
        """This customer's address of that id; nobody sees anybody else's."""
        return db.scalar(select(cls).where(cls.id == address_id, cls.customer_id == customer.id))

    @classmethod
    def keep(cls, db: Session, customer: Customer, address: Address) -> "SavedAddress":
        """Keep an address, or move one that is kept already to the front; raises AddressBookFull."""
        # Two at once may keep one more, or one twice. A lock on the customer would cost orders more than that.
        kept = db.scalars(select(cls).where(cls.customer_id == customer.id)).all()
        same = next((saved for saved in kept if saved.address == address), None)
        if same is None and len(kept) >= MOST:
            raise AddressBookFull
        saved = same or cls(customer_id=customer.id)
        saved.change(address)
        db.add(saved)
        return saved

    @classmethod
    def remove(cls, db: Session, customer: Customer, address_id: int) -> None:
        """Forget this customer's address of that id, if there is one."""
        db.execute(delete(cls).where(cls.id == address_id, cls.customer_id == customer.id))

    @property
    def address(self) -> Address:
        """Where it leads, whoever keeps it."""
        return Address(self.name, self.street, self.extra, self.postal_code, self.city, self.country)

    def change(self, address: Address) -> None:
        """Put another address in its place; it counts as the one used last."""
        for name, value in asdict(address).items():
            setattr(self, name, value)
        self.used_at = now()
