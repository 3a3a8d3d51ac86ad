from apps.myclothes import seed as clothes
from apps.mywordpress import seed as words
from beanstalk.supervisor import DEMO_ACCOUNTS


def test_the_accounts_that_are_shown_are_those_that_are_seeded() -> None:
    seeded = {"myclothes": clothes, "mywordpress": words}
    assert {name: f"{seed.DEMO_EMAIL} / {seed.DEMO_PASSWORD}" for name, seed in seeded.items()} == DEMO_ACCOUNTS
