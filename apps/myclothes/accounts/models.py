"""Customers and their roles."""

from enum import StrEnum

from apps.chassis.people import ADMINISTRATOR, Person
from apps.myclothes.models import Base


class Role(StrEnum):
    """A customer buys; an administrator also looks after the shop."""

    CUSTOMER = "customer"
    ADMINISTRATOR = ADMINISTRATOR


class Customer(Person, Base):
    """Somebody with an account."""

    __tablename__ = "customers"
    kind = "customer"
