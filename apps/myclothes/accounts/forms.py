"""What visitors type to sign up and in."""

from wtforms import EmailField, Form, HiddenField, PasswordField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from apps.chassis.passwords import LONGEST, SHORTEST
from apps.chassis.people import LONGEST_EMAIL, LONGEST_NAME, is_email


class SignInForm(Form):  # type: ignore[misc]  # WTForms ships no types
    email = EmailField(
        "E-mail",
        [InputRequired("Please enter your e-mail address."), Length(max=LONGEST_EMAIL)],
        render_kw={"autocomplete": "username"},
    )
    password = PasswordField(
        "Password",
        [InputRequired("Please enter your password."), Length(max=LONGEST)],
        render_kw={"autocomplete": "current-password"},
    )
    next = HiddenField()


class SignUpForm(Form):  # type: ignore[misc]  # WTForms ships no types
    name = StringField(
        "Name", [DataRequired("Please enter your name."), Length(max=LONGEST_NAME)], render_kw={"autocomplete": "name"}
    )
    email = EmailField(
        "E-mail",
        [InputRequired("Please enter your e-mail address."), Length(max=LONGEST_EMAIL)],
        render_kw={"autocomplete": "username"},
    )
    password = PasswordField(
        "Password",
        [
            InputRequired("Please choose a password."),
            Length(SHORTEST, LONGEST, message=f"At least {SHORTEST} characters, please."),
        ],
        render_kw={"autocomplete": "new-password"},
    )
    next = HiddenField()

    def validate_email(self, field: EmailField) -> None:
        if not is_email(field.data):
            raise ValidationError("This is not an e-mail address.")
