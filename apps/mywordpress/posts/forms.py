"""Writing a post."""

from wtforms import FileField, Form, IntegerField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, NumberRange, Optional, ValidationError
from wtforms.widgets import HiddenInput

from apps.chassis.identifiers import LARGEST
from apps.mywordpress.media.models import LONGEST_ALT
from apps.mywordpress.posts.models import LONGEST_BODY, LONGEST_EXCERPT, LONGEST_TITLE, Content
from apps.mywordpress.posts.slugs import LONGEST_SLUG

# The time that Markdown takes grows with the square of these: with this many it stays below half a second.
MOST_MARKS = 5_000


class PostForm(Form):  # type: ignore[misc]
    """What an author writes, and perhaps a picture to be put at its end."""

    title = StringField("Title", [DataRequired("A post needs a title."), Length(max=LONGEST_TITLE)])
    body = TextAreaField("Text", [Length(max=LONGEST_BODY)])
    excerpt = TextAreaField("Excerpt", [Optional(), Length(max=LONGEST_EXCERPT)])
    slug = StringField("Address", [Optional(), Length(max=LONGEST_SLUG)])
    version = IntegerField(widget=HiddenInput(), validators=[Optional(), NumberRange(0, LARGEST)])
    file = FileField("Add a picture")
    alt = StringField("What the picture shows", [Optional(), Length(max=LONGEST_ALT)])

    def validate_body(self, field: TextAreaField) -> None:
        if any((field.data or "").count(mark) > MOST_MARKS for mark in "[\"'*_`<"):
            raise ValidationError(f"A text holds at most {MOST_MARKS:,} of each bracket, quote, asterisk and the like.")

    def content(self, appended: str = "") -> Content:
        """The content as sent, with `appended` as its last paragraph."""
        body = (self.body.data or "").rstrip()
        body = f"{body}\n\n{appended}\n".lstrip() if appended else self.body.data or ""
        return Content.of(self.title.data or "", body, self.excerpt.data or "", self.slug.data or "")
