"""How the journal writes."""

from apps.chassis.letters.writing import Letters, Look
from apps.mywordpress import SITE

LOOK = Look(
    paper="#fbf8ef", ink="#1d1b16", line="#e2dac7", accent="#1f5a41", fonts="Literata,Georgia,'Noto Serif KR',serif"
)

letters = Letters(SITE, sender="journal", look=LOOK)
writes, write, compose = letters.writes, letters.write, letters.compose
