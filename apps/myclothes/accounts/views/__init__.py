"""Pages about accounts."""

from apps.myclothes.accounts.views.addresses import addresses
from apps.myclothes.accounts.views.factors import second_factor
from apps.myclothes.accounts.views.passwords import passwords
from apps.myclothes.accounts.views.personal import personal
from apps.myclothes.accounts.views.profiles import profiles
from apps.myclothes.accounts.views.sessions import accounts

BLUEPRINTS = (accounts, passwords, profiles, addresses, second_factor, personal)
