"""Forms that speak the visitor's language: their labels and errors are texts marked by `later`."""

from typing import Any

from wtforms import Form
from wtforms.validators import StopValidation

from apps.chassis.languages import gettext as _
from apps.chassis.languages import later, ngettext, translated

# WTForms says these by itself, so they are marked for the catalogues here.
BY_WTFORMS = (
    later("This field is required."),
    later("Not a valid integer value."),
    later("Not a valid decimal value."),
    later("Not a valid choice."),
    later("Not a valid datetime value."),
)

# Nobody types these, and nobody sees them: a name of them alone would be none. What is a space parts words.
CONTROLS = {code: None for code in (*range(0x20), *range(0x7F, 0xA0)) if not chr(code).isspace()}


class SpokenForm(Form):  # type: ignore[misc]  # WTForms ships no types
    """A form whose labels and errors stand in English in the class, and in the request's language once it is made."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self:
            field.label.text = translated(field.label.text)

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether all fields are as they should be; if not, each tells why in the request's language."""
        valid: bool = super().validate(extra_validators)
        for field in self:
            field.errors = [translated(str(error)) for error in field.errors]
        return valid


class Longest:
    """No longer than so many characters; browsers let nobody type more."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.field_flags = {"maxlength": most}

    def __call__(self, form: Any, field: Any) -> None:
        if len(field.data or "") > self.most:
            text = ngettext(
                "This is longer than %(num)d character.", "This is longer than %(num)d characters.", self.most
            )
            raise StopValidation(text)


class Between:
    """A whole number from `least` to `most`; browsers let nobody type another."""

    def __init__(self, least: int, most: int) -> None:
        self.least, self.most = least, most
        self.field_flags = {"min": least, "max": most}

    def __call__(self, form: Any, field: Any) -> None:
        # What is no number at all has been told of already.
        if field.data is not None and not self.least <= field.data <= self.most:
            raise StopValidation(_("A number from %(least)d to %(most)d, please.", least=self.least, most=self.most))


def stripped(text: str | None) -> str | None:
    """A filter: without control characters, without spaces around it, and with single ones within."""
    return " ".join(text.translate(CONTROLS).split()) if text else text
