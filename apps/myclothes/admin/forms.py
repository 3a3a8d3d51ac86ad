"""How money and moments are typed behind the counter."""

import re
from datetime import UTC, datetime
from typing import Any

from wtforms import DateTimeLocalField, Form, StringField
from wtforms.validators import Optional, ValidationError

from apps.chassis.languages import later

AMOUNT = re.compile(r"([0-9]{1,7})(?:[.,]([0-9]{1,2}))?", re.ASCII)
MOMENTS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
YEARS = range(2000, 2100)


class CentsField(StringField):  # type: ignore[misc]
    """An amount of money: `119`, `119.5` or `119,50` is typed, cents are its data."""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data // 100}.{self.data % 100:02}"

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0].strip() if valuelist else ""
        self.data = None
        if not text:
            return
        found = AMOUNT.fullmatch(text)
        if found is None:
            raise ValueError(later("Please write an amount such as 119.00."))
        self.data = int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0"))


class MomentField(DateTimeLocalField):  # type: ignore[misc]
    """A moment in UTC, to the minute."""

    def __init__(self, label: str, **more: Any) -> None:
        super().__init__(label, [Optional(), _sensible], format=MOMENTS, **more)

    @property
    def moment(self) -> datetime | None:
        """The moment that was typed, if any."""
        return None if self.data is None else self.data.replace(tzinfo=UTC)

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(later("Please choose a day and a time.")) from None


def _sensible(form: Form, field: MomentField) -> None:
    if field.data is not None and field.data.year not in YEARS:
        raise ValidationError(later("Please choose a day in this century."))
