"""What people type about their accounts, and administrators about those of others."""

from typing import Any

from wtforms import EmailField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, ValidationError

from apps.chassis import addresses
from apps.chassis.accounts.forms import an_email, email_field, name_field
from apps.chassis.forms import Longest, SpokenForm, stripped
from apps.chassis.languages import NAMES, later, translated
from apps.chassis.languages import gettext as _
from apps.mywordpress.accounts.models import LONGEST_BIOGRAPHY, LONGEST_SLUG
from apps.mywordpress.accounts.programs import LONGEST_NAME
from apps.mywordpress.accounts.roles import Role

ROLES = {
    Role.SUBSCRIBER: later("Subscriber"),
    Role.CONTRIBUTOR: later("Contributor"),
    Role.AUTHOR: later("Author"),
    Role.EDITOR: later("Editor"),
    Role.ADMINISTRATOR: later("Administrator"),
}
LONGEST_URL = 500


def a_web_address(form: Any, field: Any) -> None:
    """A validator: empty, or an address that a link may lead to."""
    parts = addresses.split(field.data or "http://empty")
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValidationError(_("This is not a web address. It begins with https:// or http://."))


def _line(label: str, most: int, autocomplete: str) -> StringField:
    return StringField(label, [Longest(most)], [stripped], render_kw={"autocomplete": autocomplete})


def _role(**more: Any) -> SelectField:
    # Named in the reader's language once the form is made.
    def choices() -> list[SelectChoice]:
        return [SelectChoice(role.value, translated(name)) for role, name in ROLES.items()]

    return SelectField(later("Role"), [InputRequired(later("Please choose a role."))], choices=choices, **more)


class ProfileForm(SpokenForm):
    """Who somebody is, as readers and mails have it."""

    name = name_field()
    nicename = StringField(
        later("Name in addresses"), [DataRequired(later("Please enter a name.")), Longest(LONGEST_SLUG)]
    )
    first_name = _line(later("First name"), 80, "given-name")
    last_name = _line(later("Last name"), 80, "family-name")
    url = StringField(
        later("Web site"), [Longest(LONGEST_URL), a_web_address], [stripped], render_kw={"autocomplete": "url"}
    )
    biography = TextAreaField(later("About you"), [Longest(LONGEST_BIOGRAPHY)])
    language = SelectField(later("Language of mails"), default="")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [SelectChoice(code, name) for code, name in NAMES.items()]
        self.language.choices = [SelectChoice("", _("The site's own")), *named]


class NewUserForm(SpokenForm):
    """Somebody who is given an account, or asks for one."""

    name = name_field()
    email = email_field(later("E-mail"), "email")

    def validate_email(self, field: EmailField) -> None:
        an_email(self, field)


class InvitationForm(NewUserForm):
    """Somebody who is given an account in a role."""

    role = _role(default=Role.AUTHOR.value)


class RoleForm(SpokenForm):
    """What somebody may do from now on."""

    role = _role()


class AddressForm(SpokenForm):
    """Another address for somebody, by an administrator."""

    email = email_field(later("E-mail"), "off")

    def validate_email(self, field: EmailField) -> None:
        an_email(self, field)


class ProgramForm(SpokenForm):
    """A program that is to have a password of its own."""

    name = StringField(
        later("Name of the program"),
        [DataRequired(later("Please enter a name.")), Longest(LONGEST_NAME)],
        [stripped],
        render_kw={"autocomplete": "off"},
    )


class HeirForm(SpokenForm):
    """Who takes over what somebody made who goes."""

    heir = SelectField(later("What they made goes to"), [InputRequired(later("Please choose somebody."))], coerce=int)
