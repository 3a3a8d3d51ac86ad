"""What a person has to change before anything can start."""


class Refused(Exception):
    """The text is one line that names the thing and its remedy."""
