"""What is told about a file."""

from wtforms import StringField, TextAreaField

from apps.chassis.forms import Longest, SpokenForm, stripped
from apps.chassis.languages import later
from apps.mywordpress.media.models import LONGEST_ALT, LONGEST_TITLE

LONGEST_TEXT = 5_000


class DetailsForm(SpokenForm):
    """Title, alternative text, caption and description; what is not sent stays as it is."""

    title = StringField(later("Title"), [Longest(LONGEST_TITLE)], filters=[stripped])
    alt = StringField(later("What it shows"), [Longest(LONGEST_ALT)], filters=[stripped])
    caption = StringField(later("Caption"), [Longest(LONGEST_TEXT)], filters=[stripped])
    description = TextAreaField(later("Description"), [Longest(LONGEST_TEXT)])
