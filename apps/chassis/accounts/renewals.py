"""A new password or another address: by links from mails, or by somebody who is signed in.

The links' pages only ask; buttons act. Programs that look through mail follow links, and they must not use up anything.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from apps.chassis import passwords as hashes
from apps.chassis.accounts.forms import EmailForm, ForgottenForm, NewPasswordForm, PasswordForm, TokenForm
from apps.chassis.accounts.letters import EMAIL_CHANGE, EMAIL_CHANGED, PASSWORD_CHANGED, AccountLetters
from apps.chassis.context import application, db, reads_writer
from apps.chassis.languages import gettext as _
from apps.chassis.languages import language
from apps.chassis.people import EmailTaken, Person, normal_email
from apps.chassis.proofs import EMAIL, PASSWORD, Purpose, Spent, proven
from apps.chassis.ratelimits import limit
from apps.chassis.visitors import origin, sign_out_everywhere, signed_in

Answer = str | Response | tuple[str, int]
P = TypeVar("P", bound=Person)


@dataclass(frozen=True, slots=True)
class Renewals(Generic[P]):
    """The pages of one site. Its templates `forgotten`, `sent`, `new_password`, `confirm` and `spent` are its own.

    `sign_in` and `moved` are endpoints: where to sign in, and where a confirmed address leads. `proved` is told of a
    person who has shown to read the mail at their address.
    """

    kind: type[P]
    letters: AccountLetters
    sign_in: str
    moved: str
    proved: Callable[[P], None] = lambda person: None
    # Each of these links leads to a new password.
    purposes: tuple[Purpose, ...] = (PASSWORD,)

    def blueprint(self, import_name: str) -> Blueprint:
        """`passwords`: its endpoints are named as the methods here."""
        made = Blueprint("passwords", import_name)
        made.after_request(keep_private)
        for rule, get, post in (
            ("/password-reset", self.new, self.create),
            ("/password-reset/edit", self.edit, self.update),
            ("/email-change", self.new_email, self.create_email),
        ):
            made.get(rule)(get)
            made.post(rule)(post)
        made.get("/password-reset/sent")(self.show)
        return made

    def new(self) -> Answer:
        return self.page("forgotten", form=ForgottenForm())

    def create(self) -> Answer:
        """Send a link to whoever has the address. The answer does not tell whether anybody has."""
        form = ForgottenForm(request.form)
        if not form.validate():
            return self.page("forgotten", form=form), 422
        limit("password-reset-from", request.remote_addr or "", 20, 3600)
        email = normal_email(form.email.data)
        limit("password-reset", email, 3, 3600)
        self.letters.owe_password_reset(db(), email, language(), origin())
        return redirect(url_for("passwords.show"), 303)

    def show(self) -> Answer:
        return self.page("sent")

    @reads_writer
    def edit(self) -> Answer:
        token = request.args.get("token", "")
        try:
            person, _facts = self.proven(self.purposes, token)
        except Spent:
            return self.spent()
        return self.page("new_password", form=NewPasswordForm(token=token), of=person)

    def update(self) -> Answer:
        """A new password, once per link. It ends all sessions, and shows that the address is the person's."""
        limit("new-password-from", request.remote_addr or "", 20, 3600)
        form = NewPasswordForm(request.form)
        valid = form.validate()
        # Hashed before the first use of the database, so that no lock is held meanwhile.
        password_hash = hashes.hash(form.password.data) if valid else ""
        try:
            person, _facts = self.proven(self.purposes, form.token.data or "")
        except Spent:
            return self.spent()
        if not valid:
            return self.page("new_password", form=form, of=person), 422
        if not person.replace_password(db(), password_hash):
            return self.spent()
        self.proved(person)
        return self.password_is_new(person)

    @reads_writer
    def new_email(self) -> Answer:
        token = request.args.get("token", "")
        try:
            _person, facts = self.proven((EMAIL,), token)
        except Spent:
            return self.spent()
        return self.page("confirm", email=facts["email"], form=TokenForm(token=token))

    def create_email(self) -> Answer:
        try:
            person, facts = self.proven((EMAIL,), request.form.get("token", ""))
            before = person.email
            person.move_to(db(), facts["email"])
        except (Spent, EmailTaken):
            return self.spent()
        self.proved(person)
        self.letters.owe(db(), EMAIL_CHANGED, person, origin(), before)
        return redirect(url_for(self.moved, done="moved"), 303)

    def change_password(self, person: P, form: PasswordForm) -> Answer | None:
        """Give somebody who is signed in a new password; None if the form says what is wrong."""
        if not form.validate() or not is_own_password(person, form.current):
            return None
        if not person.replace_password(db(), hashes.hash(form.password.data)):
            form.form_errors = [_("Your password was changed elsewhere a moment ago.")]
            return None
        return self.password_is_new(person)

    def ask_at(self, person: P, form: EmailForm) -> bool:
        """Ask at the new address; nothing is changed before somebody answers there. Whether it is taken is not told."""
        if not form.validate() or not is_own_password(person, form.current):
            return False
        limit("email-change", str(person.id), 5, 3600)
        self.letters.owe(db(), EMAIL_CHANGE, person, origin(), normal_email(form.email.data))
        return True

    def password_is_new(self, person: P) -> Response:
        """What follows from a new password: nobody is signed in, and the person is told."""
        self.letters.owe(db(), PASSWORD_CHANGED, person, origin())
        sign_out_everywhere(person)
        return redirect(url_for(self.sign_in, done="password"), 303)

    def spent(self) -> tuple[str, int]:
        """The answer to a link that no longer works."""
        return self.page("spent", person=signed_in(self.kind)), 404

    def proven(self, purposes: Sequence[Purpose], token: str) -> tuple[P, dict[str, str]]:
        """Whose link this is for one of these purposes, and its facts. Raises Spent."""
        for purpose in purposes:
            with suppress(Spent):
                return proven(db(), application().settings, self.kind, purpose, token)
        raise Spent

    def page(self, name: str, **context: Any) -> str:
        return render_template(f"{application().site.name}/accounts/{name}.html", **context)


def keep_private(response: Response) -> Response:
    """No cache keeps these pages, and no other site learns their addresses."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def is_own_password(person: Person, field: Any) -> bool:
    """Whether the field of a valid form holds the person's password; if not, the field says so."""
    limit("own-password", str(person.id), 10, 300)
    if hashes.verify(person.password_hash, field.data):
        return True
    field.errors = [_("This is not your password.")]
    return False
