"""What an administrator decides, in three parts."""

from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from wtforms import BooleanField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, InputRequired, ValidationError

from apps.chassis.forms import Between, Longest, SpokenForm, stripped
from apps.chassis.languages import gettext as _
from apps.chassis.languages import later

LONGEST_LINE = 200
LONGEST_WORDS = 20_000
MOST_PER_PAGE = 100
NONE = 0


def a_zone(form: Any, field: Any) -> None:
    """A validator: a time zone by its name in the zone database."""
    try:
        ZoneInfo(field.data)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValidationError(_("There is no such time zone. An example: Europe/Vienna.")) from None


def whole(label: str, least: int, most: int) -> IntegerField:
    """A field for a number from `least` to `most`."""
    needed = InputRequired(later("A number is needed."))
    return IntegerField(label, [needed, Between(least, most)], render_kw={"inputmode": "numeric"})


def some(label: str) -> SelectField:
    """A field for a page or a category, or for none."""
    return SelectField(label, coerce=lambda value: int(value or NONE), default=NONE)


def words(label: str) -> TextAreaField:
    return TextAreaField(label, [Longest(LONGEST_WORDS)], render_kw={"rows": 5, "spellcheck": "false"})


class SiteForm(SpokenForm):
    """What the site is called and who may come to it."""

    title = StringField(
        later("Title"), [DataRequired(later("A title is needed.")), Longest(LONGEST_LINE)], filters=[stripped]
    )
    tagline = StringField(later("Tagline"), [Longest(LONGEST_LINE)], filters=[stripped])
    timezone = StringField(
        later("Time zone"), [DataRequired(later("A time zone is needed.")), Longest(64), a_zone], filters=[stripped]
    )
    default_category_id = some(later("Category of posts without another"))
    registration_open = BooleanField(later("Anybody may make an account, as a subscriber"))


class ReadingForm(SpokenForm):
    """What readers find where."""

    front_page_id = some(later("What stands first"))
    posts_page_id = some(later("Page that lists the posts"))
    posts_per_page = whole(later("Posts of a page"), 1, MOST_PER_PAGE)
    posts_per_feed = whole(later("Posts of a feed"), 1, MOST_PER_PAGE)
    feed_excerpts = BooleanField(later("Feeds hold excerpts only"))

    def validate_posts_page_id(self, field: Any) -> None:
        if field.data != NONE and field.data == self.front_page_id.data:
            raise ValidationError(_("One page cannot be both. Choose another one, or none."))


class CommentsForm(SpokenForm):
    """Who may say what, and who hears of it."""

    comments_open = BooleanField(later("New posts take comments"))
    comments_close_after_days = whole(later("Days after which a post takes no more"), 0, 36_500)
    comments_need_approval = BooleanField(later("Each comment waits until somebody has approved it"))
    comments_trust_known = BooleanField(later("But not of who had one approved before"))
    most_comment_links = whole(later("Most links in a comment"), 0, 100)
    moderation_words = words(later("Words that let a comment wait"))
    blocked_words = words(later("Words that make it spam"))
    comments_per_page = whole(later("Threads of a page"), 1, 500)
    comments_newest_first = BooleanField(later("The newest comments stand first"))
    mail_comments = BooleanField(later("Tell authors of comments on their posts by mail"))
    mail_moderation = BooleanField(later("Tell who moderates of comments that wait by mail"))


def offer(field: SelectField, nobody: str, things: "list[tuple[int, int, str]]", chosen: int | None) -> None:
    """Offer these by id, depth and name, and what is chosen now even if it is no longer among them."""
    choices = [SelectChoice(number, "\u2003" * depth + name) for number, depth, name in things]
    if chosen is not None and chosen not in [number for number, _depth, _name in things]:
        choices.append(SelectChoice(chosen, _("Something that is no longer there")))
    field.choices = [SelectChoice(NONE, nobody), *choices]
