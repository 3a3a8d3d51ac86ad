"""The planted mistakes, at least one for every rule."""

from tests.beanstalk.check.file_mistakes import FILES, SAVINGS, WORKERS
from tests.beanstalk.check.settings_mistakes import STRUCTURE, TIERS, TOGETHER, VALUES

MISTAKES = STRUCTURE + VALUES + TIERS + TOGETHER + WORKERS + FILES + SAVINGS
