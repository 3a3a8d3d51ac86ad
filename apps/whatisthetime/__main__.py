"""`python -m apps.whatisthetime VERB`."""

from apps.chassis.commands import main
from apps.whatisthetime import SITE

if __name__ == "__main__":
    main(SITE)
