"""Making a menu, and changing what is in it."""

from typing import Any
from urllib.parse import urlsplit

from wtforms import BooleanField, StringField
from wtforms.validators import DataRequired, Optional, ValidationError

from apps.chassis.forms import Longest, SpokenForm, stripped
from apps.chassis.languages import gettext as _
from apps.chassis.languages import later
from apps.mywordpress.menus.models import LONGEST_NAME, LONGEST_TITLE, LONGEST_URL
from apps.mywordpress.posts.markup.allowed import address


def a_link(form: Any, field: Any) -> None:
    """A validator: something that a link may lead to; without a scheme it is a path of this site or a place in it."""
    url = field.data or ""
    if address(url) is None or not (urlsplit(url).scheme or url.startswith(("/", "#", "?"))):
        raise ValidationError(_("A link begins with https://, http:// or mailto:, or here with a slash."))


class MenuForm(SpokenForm):
    """A menu."""

    name = StringField(
        later("Name"), [DataRequired(later("A name is needed.")), Longest(LONGEST_NAME)], filters=[stripped]
    )


class LinkForm(SpokenForm):
    """A link of one's own."""

    url = StringField(
        later("Address"),
        [DataRequired(later("An address is needed.")), Longest(LONGEST_URL), a_link],
        filters=[stripped],
    )
    title = StringField(
        later("Text of the link"),
        [DataRequired(later("A link needs a text.")), Longest(LONGEST_TITLE)],
        filters=[stripped],
    )


class ItemForm(SpokenForm):
    """How a link to a post or term is shown."""

    title = StringField(later("Text of the link"), [Longest(LONGEST_TITLE)], filters=[stripped])
    hint = StringField(later("Hint"), [Optional(), Longest(LONGEST_TITLE)], filters=[stripped])
    opens_window = BooleanField(later("Opens a window of its own"))


class OwnItemForm(ItemForm):
    """How a link of one's own is shown, and where it leads."""

    url = LinkForm.url
    title = LinkForm.title
