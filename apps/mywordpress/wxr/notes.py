"""What the report of an import says, in English with places, so that it can be told in any language."""

import json
from collections.abc import Iterable

from apps.chassis.languages import later
from apps.mywordpress.posts.markup import Loss

Note = tuple[str, dict[str, str]]

NO_PLACE = later("There is no place here for what is of the type %(what)s.")
NO_TAXONOMY = later("There is no place here for the taxonomy %(what)s.")
NO_STATUS = later("Nothing here can have the status %(what)s.")
NO_POST = later("The post that it belongs to was not taken over.")
NO_MENU = later("The menu that it belongs to was not taken over.")
NO_TARGET = later("What it leads to was not taken over.")
NO_ID = later("It has no number in the file.")
NO_PARENT = later("What it stood below was not taken over, so it stands at the top.")
NO_FEATURED = later("Its featured picture was not taken over.")
NO_AUTHOR = later("The file does not tell who %(what)s is, so it belongs to whoever imported it.")
NO_EMAIL = later("It has no e-mail address that could be used, so it got one that nobody reads.")
NO_DATE = later("It has no date, so it got the present one.")
NO_PASSWORD = later("No password comes with the file: whoever it is has to ask for one by e-mail.")
NUMBER_TAKEN = later("The number %(what)s was taken, so it has another one.")
ADDRESS_TAKEN = later("The address %(what)s was taken or is this site's own, so it has another one.")
CUT = later("Its %(what)s was too long and has been cut.")
TOO_LONG = later("Its text is too long.")
TAGS_LOST = later("Its title had HTML tags, which were left out.")
META_LOST = later("What was noted about it as %(what)s was left out.")
FAILED = later("It could not be stored: %(what)s.")
NOT_FETCHED = later("Its file was not fetched; the entry tells where it was.")
FETCH_FAILED = later("Its file could not be fetched: %(what)s")
NO_FILE_ADDRESS = later("The file does not tell where its file is.")
BAD_ADDRESS = later("Its address is none that a link may have, so it was left out.")


def told(text: str, what: str = "") -> Note:
    """A note about one thing."""
    return text, {"what": what} if what else {}


def of_losses(losses: Iterable[Loss]) -> list[Note]:
    """What of a body is lost."""
    return [(loss.text, {"what": loss.what, "times": str(loss.times)}) for loss in losses]


def written(notes: Iterable[Note]) -> str:
    """Notes as they are stored."""
    notes = list(notes)
    return json.dumps(notes, ensure_ascii=False) if notes else ""


def read(text: str) -> list[Note]:
    """Notes as they were stored."""
    return [(note, values) for note, values in json.loads(text)] if text else []
