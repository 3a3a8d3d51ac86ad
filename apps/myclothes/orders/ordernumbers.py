"""Numbers of orders, which nobody guesses and people can read aloud."""

import secrets

# Without letters and digits that are mistaken for one another.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LETTERS, LONGEST_NUMBER = 10, 20


def new_number() -> str:
    """An order's number such as `7KQ2M-9XDFT`: 50 random bits, so that nobody guesses another's."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(LETTERS))
    return f"{letters[:5]}-{letters[5:]}"


def normal_number(number: str) -> str:
    """The one spelling of a number that somebody typed: upper case, with its hyphen only."""
    letters = "".join(letter for letter in number.upper() if letter in ALPHABET)[: LETTERS + 1]
    return f"{letters[:5]}-{letters[5:]}"
