"""Making and changing a term."""

from wtforms import SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired

from apps.chassis.forms import Longest, SpokenForm, stripped
from apps.chassis.languages import later
from apps.mywordpress.terms.models import LONGEST_DESCRIPTION, LONGEST_NAME, LONGEST_SLUG
from apps.mywordpress.terms.trees import Tree

NONE = 0


class TermForm(SpokenForm):
    """A tag, or a category without its place."""

    name = StringField(
        later("Name"), [DataRequired(later("A name is needed.")), Longest(LONGEST_NAME)], filters=[stripped]
    )
    slug = StringField(later("Address"), [Longest(LONGEST_SLUG)], filters=[stripped])
    description = TextAreaField(later("Description"), [Longest(LONGEST_DESCRIPTION)])


class CategoryForm(TermForm):
    """A category and the one that it stands below, 0 for none."""

    parent_id = SelectField(later("Parent"), coerce=int, default=NONE)

    def offer(self, tree: Tree, nobody: str, without: list[int]) -> None:
        """Offer the categories of the tree as parents, without those of these ids."""
        offered = (node for node in tree if node.id not in without)
        named = [SelectChoice(node.id, "\u2003" * node.depth + node.name) for node in offered]
        self.parent_id.choices = [SelectChoice(NONE, nobody), *named]
