"""All that is renewed by links from mails, and the first password of whoever was invited."""

from apps.chassis.accounts.renewals import Renewals
from apps.chassis.proofs import PASSWORD
from apps.mywordpress.accounts.letters import INVITING, account_letters
from apps.mywordpress.accounts.models import User

renewals = Renewals(User, account_letters, sign_in="accounts.new", moved="accounts.show", purposes=(PASSWORD, INVITING))
passwords = renewals.blueprint(__name__)
