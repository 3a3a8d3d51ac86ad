"""What the lab says, in the languages of its reports."""

from typing import NamedTuple


class Text(NamedTuple):
    """The same in English and in Korean."""

    en: str
    ko: str
