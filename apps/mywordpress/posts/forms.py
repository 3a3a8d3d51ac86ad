"""Writing a post."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from wtforms import (
    BooleanField,
    DateTimeLocalField,
    FileField,
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, NumberRange, Optional, ValidationError
from wtforms.widgets import HiddenInput

from apps.chassis.forms import Between, Longest, SpokenForm
from apps.chassis.identifiers import LARGEST
from apps.chassis.languages import gettext as _
from apps.chassis.languages import later
from apps.mywordpress.media.models import LONGEST_ALT
from apps.mywordpress.posts.columns import (
    FIRST_YEAR,
    LAST_YEAR,
    LONGEST_BODY,
    LONGEST_EXCERPT,
    LONGEST_PASSWORD,
    LONGEST_TITLE,
    Format,
    State,
)
from apps.mywordpress.posts.content import Content
from apps.mywordpress.posts.models import Post
from apps.mywordpress.posts.slugs import LONGEST_SLUG
from apps.mywordpress.terms.models import LONGEST_NAME

# The time that Markdown takes grows with the square of these: with this many it stays below half a second.
MOST_MARKS = 5_000
MOST_POSITION = 1_000_000
LONGEST_TAGS = 2_000
MOST_TAGS = 100
FORMATS = [SelectChoice(Format.MARKDOWN, "Markdown"), SelectChoice(Format.HTML, "HTML")]
PUBLIC, PROTECTED = "public", "password"
VISIBILITIES = (PUBLIC, PROTECTED, State.PRIVATE)
ID = (Optional(), NumberRange(0, LARGEST))


def _visibilities() -> list[SelectChoice]:
    # Named in the reader's language once the form is made.
    return [
        SelectChoice(PUBLIC, _("Everybody")),
        SelectChoice(PROTECTED, _("Whoever has a password")),
        SelectChoice(State.PRIVATE, _("Editors and its author")),
    ]


def is_too_marked(body: str) -> bool:
    """Whether it would take too long to read this as Markdown."""
    return any(body.count(mark) > MOST_MARKS for mark in "[\"'*_`<")


class PostForm(SpokenForm):
    """What an author writes, and perhaps a picture to be put at its end.

    What stands beside the text counts only if `settings` is sent along; without it all of that stays as it is.
    """

    title = StringField(later("Title"), [DataRequired(later("A post needs a title.")), Longest(LONGEST_TITLE)])
    body = TextAreaField(later("Text"), [Longest(LONGEST_BODY)])
    format = SelectField(later("Written in"), [Optional()], choices=FORMATS)
    excerpt = TextAreaField(later("Excerpt"), [Optional(), Longest(LONGEST_EXCERPT)])
    slug = StringField(later("Address"), [Optional(), Longest(LONGEST_SLUG)])
    version = IntegerField(widget=HiddenInput(), validators=[Optional(), NumberRange(0, LARGEST)])
    kind = HiddenField()
    file = FileField(later("Add a picture"))
    alt = StringField(later("What the picture shows"), [Optional(), Longest(LONGEST_ALT)])

    settings = HiddenField()
    visibility = SelectField(
        later("Who may read it"),
        [Optional()],
        choices=_visibilities,
    )
    password = StringField(later("Password"), [Longest(LONGEST_PASSWORD)])
    date = DateTimeLocalField(later("Date"), [Optional()], format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"])
    sticky = BooleanField(later("Keep it first on the home page"))
    comments_open = BooleanField(later("Readers may comment"))
    parent_id = IntegerField(later("Below the page"), ID)
    position = IntegerField(later("Place among its neighbours"), [Optional(), Between(-MOST_POSITION, MOST_POSITION)])
    author_id = IntegerField(later("Author"), ID)
    picture_id = IntegerField(later("Featured picture"), ID)
    categories = SelectMultipleField(later("Categories"), coerce=int, validate_choice=False)
    new_category = StringField(later("Add a category"), [Longest(LONGEST_NAME)])
    tags = StringField(later("Tags"), [Longest(LONGEST_TAGS)])

    def validate_body(self, field: TextAreaField) -> None:
        if self.format.data != Format.HTML and is_too_marked(field.data or ""):
            most = f"{MOST_MARKS:,}"
            raise ValidationError(
                _("A text holds at most %(most)s of each bracket, quote, asterisk and the like.", most=most)
            )

    def validate_date(self, field: DateTimeLocalField) -> None:
        if field.data is not None and not FIRST_YEAR <= field.data.year <= LAST_YEAR:
            raise ValidationError(
                _("Please choose a year from %(first)d to %(last)d.", first=FIRST_YEAR, last=LAST_YEAR)
            )

    def validate_password(self, field: StringField) -> None:
        if self.settings.data and self.visibility.data == PROTECTED and not (field.data or "").strip():
            raise ValidationError(_("Please say which password readers need."))

    def validate_tags(self, field: StringField) -> None:
        if len(self.tag_names()) > MOST_TAGS or any(len(name) > LONGEST_NAME for name in self.tag_names()):
            raise ValidationError(_("A post has at most %(most)s tags, each a few words.", most=MOST_TAGS))

    def content(self, before: Content, appended: str = "") -> Content:
        """The content as sent, with `appended` as its last paragraph; what was not sent is as `before`."""
        body = (self.body.data or "").rstrip()
        body = f"{body}\n\n{appended}\n".lstrip() if appended else self.body.data or ""
        words = Content.of(self.title.data or "", body, self.excerpt.data or "", self.slug.data or "")
        sent = replace(before, title=words.title, body=words.body, excerpt=words.excerpt, slug=words.slug)
        sent = replace(sent, format=Format(self.format.data)) if self.format.data else sent
        return self._with_settings(sent) if self.settings.data else sent

    def _with_settings(self, content: Content) -> Content:
        return replace(
            content,
            parent_id=self.parent_id.data or None,
            position=self.position.data or 0,
            password=(self.password.data or "").strip() if self.visibility.data == PROTECTED else "",
            sticky=self.sticky.data,
            comments_open=self.comments_open.data,
            picture_id=self.picture_id.data or None,
        )

    def tag_names(self) -> list[str]:
        """The tags as typed, between commas, each once."""
        names = (" ".join(name.split()) for name in (self.tags.data or "").split(","))
        return list(dict.fromkeys(name for name in names if name))

    def moment(self, zone: ZoneInfo) -> datetime | None:
        """The date that was chosen on the site's clock."""
        return self.date.data.replace(tzinfo=zone).astimezone(UTC) if self.date.data else None

    def show_state(self, post: Post, zone: ZoneInfo) -> None:
        """Fill in what no column of this name has."""
        self.visibility.data = State.PRIVATE if post.state == State.PRIVATE else PROTECTED if post.password else PUBLIC
        self.date.data = post.published_at.astimezone(zone).replace(tzinfo=None) if post.published_at else None
        self.tags.data = ", ".join(term.name for term in post.terms if term.taxonomy == "post_tag")
        self.categories.data = [term.id for term in post.terms if term.taxonomy == "category"]
