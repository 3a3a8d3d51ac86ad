"""Pages about accounts: one's own, and those of others."""

from apps.mywordpress.accounts.views import profiles, programs
from apps.mywordpress.accounts.views.passwords import passwords
from apps.mywordpress.accounts.views.sessions import accounts
from apps.mywordpress.accounts.views.users import users

BLUEPRINTS = (accounts, passwords, profiles.profiles, programs.programs, users)
