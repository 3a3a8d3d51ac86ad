"""Leaving a comment, and looking after those that were left."""

from typing import Any

from wtforms import BooleanField, EmailField, HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, ValidationError

from apps.chassis.accounts.forms import an_email, email_field
from apps.chassis.forms import Longest, SpokenForm, stripped
from apps.chassis.identifiers import number
from apps.chassis.languages import gettext as _
from apps.chassis.languages import later
from apps.chassis.people import LONGEST_EMAIL
from apps.mywordpress.accounts.forms import a_web_address
from apps.mywordpress.comments.models import LONGEST_NAME, LONGEST_TEXT, LONGEST_URL
from apps.mywordpress.comments.rules import Said


class TextForm(SpokenForm):
    """Words of somebody whom we know."""

    text = TextAreaField(later("Comment"), [DataRequired(later("Please write something.")), Longest(LONGEST_TEXT)])


class WriterCommentForm(TextForm):
    """A comment of somebody whom we know."""

    parent = HiddenField(default="")
    wants_replies = BooleanField(later("Tell me of answers by mail"))

    def validate_parent(self, field: HiddenField) -> None:
        try:
            field.number = number(field.data) if field.data else None
        except ValueError:
            raise ValidationError(_("There is no such comment to answer.")) from None

    def said(self, **known: Any) -> Said:
        """What a valid form says."""
        return Said(self.text.data, wants_replies=bool(self.wants_replies.data), **known)


class CommentForm(WriterCommentForm):
    """A comment of a guest. Nobody sees `subject`, so whoever fills it in is no person.

    A browser that runs scripts tells in `spent` how many seconds the page was open.
    """

    name = StringField(
        later("Name"),
        [DataRequired(later("Please enter a name.")), Longest(LONGEST_NAME)],
        [stripped],
        render_kw={"autocomplete": "name"},
    )
    email = EmailField(
        later("E-mail"),
        [InputRequired(later("Please enter an email address. It is not shown.")), Longest(LONGEST_EMAIL)],
        render_kw={"autocomplete": "email"},
    )
    url = StringField(
        later("Web site"), [Longest(LONGEST_URL), a_web_address], [stripped], render_kw={"autocomplete": "url"}
    )
    subject = StringField(later("Leave this empty"), [Longest(500)])
    spent = HiddenField(default="")

    def validate_email(self, field: EmailField) -> None:
        an_email(self, field)

    def said(self, **known: Any) -> Said:
        who = {"name": self.name.data, "email": self.email.data, "url": self.url.data or ""}
        return super().said(seconds=self.seconds, **who, **known)

    @property
    def seconds(self) -> float | None:
        """For how long the page was open, if the browser has told."""
        try:
            return float(self.spent.data) if self.spent.data else None
        except ValueError:
            return None


class EditForm(SpokenForm):
    """A comment as a moderator changes it."""

    name = StringField(later("Name"), [DataRequired(later("Please enter a name.")), Longest(255)], [stripped])
    email = StringField(later("E-mail"), [Longest(LONGEST_EMAIL)], [stripped])
    url = StringField(later("Web site"), [Longest(LONGEST_URL), a_web_address], [stripped])
    text = TextAreaField(later("Comment"), [DataRequired(later("Please write something.")), Longest(65_000)])

    def validate_email(self, field: StringField) -> None:
        if field.data:
            an_email(self, field)


class PersonForm(SpokenForm):
    """Somebody who asks what is kept of them, or to be forgotten."""

    email = email_field(later("E-mail"), "off")

    def validate_email(self, field: EmailField) -> None:
        an_email(self, field)
