"""Signing in, and adding an author."""

from wtforms import EmailField, Form, HiddenField, PasswordField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, Regexp

from apps.chassis.passwords import LONGEST, SHORTEST
from apps.chassis.people import EMAIL, LONGEST_EMAIL, LONGEST_NAME
from apps.mywordpress.accounts.models import Role


class SignInForm(Form):  # type: ignore[misc]
    """Nothing is checked about the password here: what is wrong is said for both at once."""

    email = EmailField("Email", [InputRequired("Please enter your email address."), Length(max=LONGEST_EMAIL)])
    password = PasswordField("Password", [InputRequired("Please enter your password."), Length(max=LONGEST)])
    next = HiddenField(validators=[Length(max=500)])


class AuthorForm(Form):  # type: ignore[misc]
    """A new author or administrator."""

    name = StringField("Name", [InputRequired("Please enter a name."), Length(max=LONGEST_NAME)])
    email = EmailField(
        "Email",
        [
            InputRequired("Please enter an email address."),
            Length(max=LONGEST_EMAIL),
            Regexp(rf"^\s*{EMAIL.pattern}\s*$", message="This does not look like an email address."),
        ],
    )
    password = PasswordField(
        "First password",
        [InputRequired("Please enter a password."), Length(SHORTEST, LONGEST)],
    )
    role = SelectField("Role", choices=[SelectChoice(role.value, role.capitalize()) for role in Role])
