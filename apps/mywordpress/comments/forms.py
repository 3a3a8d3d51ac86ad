"""Leaving a comment."""

from wtforms import EmailField, Form, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Regexp

from apps.chassis.people import EMAIL, LONGEST_EMAIL
from apps.mywordpress.comments.models import LONGEST_TEXT


class WriterCommentForm(Form):  # type: ignore[misc]
    """A comment of somebody whom we know."""

    text = TextAreaField("Comment", [DataRequired("Please write something."), Length(max=LONGEST_TEXT)])


class CommentForm(WriterCommentForm):
    """A comment of a guest. Nobody sees `website`, so whoever fills it in is no person."""

    name = StringField("Name", [DataRequired("Please enter a name."), Length(max=80)])
    email = EmailField(
        "Email",
        [
            InputRequired("Please enter an email address. It is not shown."),
            Length(max=LONGEST_EMAIL),
            Regexp(rf"^\s*{EMAIL.pattern}\s*$", message="This does not look like an email address."),
        ],
    )
    website = StringField("Leave this empty", [Length(max=500)])
