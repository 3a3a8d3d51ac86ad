"""How the shop writes."""

from apps.chassis.letters.writing import Letters, Look
from apps.myclothes import SITE
from apps.myclothes.money import money

LOOK = Look(paper="#f6f0e6", ink="#2a2320", line="#d9cdbb", accent="#8f4a2e", fonts="Georgia,'Noto Serif KR',serif")

letters = Letters(SITE, sender="orders", look=LOOK, filters={"money": money})
writes, write, compose = letters.writes, letters.write, letters.compose
