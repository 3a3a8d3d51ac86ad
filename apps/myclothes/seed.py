"""Something to look at in development: the catalogue of this folder and one customer."""

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from apps.chassis import passwords
from apps.myclothes.accounts.models import Customer, Role
from apps.myclothes.catalog.imports import apply, plan_import
from apps.myclothes.catalog.models import Product

CATALOGUE = Path(__file__).parent / "catalogue.csv"
DEMO_EMAIL, DEMO_PASSWORD = "demo@myclothes.test", "demo-clothes-2026"


def seed(db: Session) -> None:
    """Fill what is empty and leave the rest alone: stock that was sold does not come back."""
    if db.scalar(select(Product.id).limit(1)) is None:
        apply(db, plan_import(db, CATALOGUE.read_text("utf-8")))
    if Customer.with_email(db, DEMO_EMAIL) is None:
        Customer.add(
            db,
            email=DEMO_EMAIL,
            name="Dana Demo",
            password_hash=passwords.hash(DEMO_PASSWORD),
            role=Role.CUSTOMER,
        )
