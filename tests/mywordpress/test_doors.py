"""Who gets in where: each route that changes something or belongs to the desk, asked by each role.

What is asked for belongs to somebody else. A route that stands in no table makes the test fail, so none is forgotten.
"""

import re
from collections.abc import Iterator

from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from apps.chassis import passwords
from apps.chassis.security import SAFE_METHODS
from apps.mywordpress.accounts.models import User
from apps.mywordpress.accounts.programs import ApplicationPassword
from apps.mywordpress.accounts.roles import Role
from apps.mywordpress.comments.posting import say
from apps.mywordpress.comments.rules import Said
from apps.mywordpress.menus.models import Menu
from apps.mywordpress.options.models import Options
from apps.mywordpress.posts.history import Revision
from apps.mywordpress.posts.models import Content, Post
from apps.mywordpress.terms.models import Taxonomy, Term
from tests.mywordpress.conftest import PASSWORD, Journal, Visitor, file, user
from tests.mywordpress.wxr.files import handed

GUEST = "guest"
# From the one who may least to the one who may most.
ROLES = (GUEST, *Role)
# What readers see. Who may read which post, other tests tell.
READ = {"front", "entries", "feeds", "embeds", "maps", "standing", "health"}
READ_TOO = {
    "architecture", "assets", "favicon", "robots", "static", "media.show", "posting.show", "personal.edit_replies",
    "accounts.new", "accounts.new_registration", "accounts.show_registration", "accounts.authors", "rpc.show",
    "passwords.new", "passwords.edit", "passwords.show", "passwords.new_email", "api.avatar",
}  # fmt: skip
# Programs say who they are in each request, and have tests of their own.
BY_PROGRAMS = {"api.answer", "rpc.create"}
# The role from which on one gets in.
LEAST = {
    GUEST: "accounts.create accounts.create_registration accounts.destroy entries.create_opening"
    " passwords.create passwords.create_email passwords.update personal.destroy_replies posting.create",
    Role.SUBSCRIBER: "accounts.destroy_all accounts.show profiles.update profiles.update_email"
    " profiles.update_password programs.create programs.destroy",
    Role.CONTRIBUTOR: "comments.destroy_all comments.index comments.update_all moves.create_selection posts.create"
    " posts.index posts.new posts.preview posts.show writing.destroy_presence",
    Role.AUTHOR: "media.create media.delete media.destroy media.edit media.index media.picker",
    Role.EDITOR: "comments.create_reply comments.edit comments.update media.update moves.create_publication"
    " moves.create_review moves.create_trash moves.destroy moves.destroy_publication moves.destroy_trash pages.index"
    " posts.edit posts.update revisions.create_restoration revisions.index terms.create terms.create_merger"
    " terms.destroy terms.edit terms.index terms.update writing.create_autosave writing.create_presence"
    " writing.destroy_autosave",
    Role.ADMINISTRATOR: "exports.index_exports exports.show_export imports.create imports.destroy imports.index"
    " imports.show imports.start menus.create menus.create_header menus.create_items menus.destroy"
    " menus.destroy_header menus.destroy_item menus.edit menus.index menus.update menus.update_item"
    " menus.update_place options.edit options.update personal.create_erasure personal.create_export personal.index"
    " users.create users.create_invitation users.delete users.destroy users.destroy_sessions users.edit users.index"
    " users.new users.update users.update_email users.update_role",
}


def test_each_route_lets_in_whom_it_should(journal: Journal) -> None:
    people, known = cast(journal), {name: role for role, names in LEAST.items() for name in names.split()}
    prepared = fixed_things(journal)
    for rule, method in doors(journal):
        values = prepared | things_of_bo(journal, rule)
        let_in = [role for role in ROLES if is_in(asked(people[role], rule, method, values))]
        expected = list(ROLES[ROLES.index(known[rule.endpoint]) :])
        assert let_in == expected, f"{method} {rule}"


def test_nobody_changes_what_is_others_by_naming_it_in_a_form(journal: Journal) -> None:
    people, values = cast(journal), fixed_things(journal)
    post = things_of_bo(journal, None)
    for role in (Role.CONTRIBUTOR, Role.AUTHOR):
        for act in ("trash", "delete", "restore"):
            people[role].post("/posts/selection", act=act, id=post["post_id"])
        for verb in ("hold", "spam", "trash", "delete"):
            people[role].post("/comments/moderation", do=verb, id=post["comment_id"])
            people[role].post("/comments/moderation", one=f"{verb}:{post['comment_id']}")
        assert people[role].post("/media/deletion", ids=values["attachment_id"]).status_code in (403, 409)
    guest = journal.visitor()
    assert guest.get(f"/comments/{post['comment_id']}").status_code == 303
    assert guest.get(f"/media/{values['key']}").status_code == 200


def cast(journal: Journal) -> dict[str, Visitor]:
    """Somebody of each role, signed in."""
    people = {GUEST: journal.visitor()}
    with journal.writing() as db:
        hashed = passwords.hash(PASSWORD)
        for role in Role:
            User.add(db, email=f"{role}@example.com", name=role, password_hash=hashed, role=role)
    return people | {role: journal.author(f"{role}@example.com") for role in Role}


def doors(journal: Journal) -> Iterator[tuple[Rule, str]]:
    """The routes that are not for everybody to read, each with each method; those last that end a session."""
    rules = [rule for rule in journal.app.url_map.iter_rules() if rule.endpoint not in BY_PROGRAMS]
    ending = "accounts.destroy_all", "accounts.destroy"
    for rule in sorted(rules, key=lambda rule: (rule.endpoint in ending, rule.endpoint not in ending[:1], rule.rule)):
        is_read = rule.endpoint.split(".")[0] in READ or rule.endpoint in READ_TOO
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            if not (is_read and method in SAFE_METHODS):
                yield rule, method


def fixed_things(journal: Journal) -> dict[str, str]:
    """What belongs to others and is needed once."""
    answer = journal.author("bo@example.com").post("/media", accept="application/json", file=file())
    with journal.writing() as db:
        bo = user(db, "bo")
        program, _ = ApplicationPassword.issue(db, journal.settings, bo, "A program")
        values = {"uuid": program.uuid, "user_id": bo.id, "menu_id": Menu.make(db, "A menu").id, "item_id": 1}
    said: dict[str, object] = {**(answer.json or {})}
    numbers = {name: str(value) for name, value in values.items()}
    return numbers | {
        "attachment_id": str(said["id"]),
        "key": str(said["url"]).removeprefix("/media/"),
        "part": "reading",
    }


def things_of_bo(journal: Journal, rule: Rule | None) -> dict[str, str]:
    """A new post with all that belongs to it, for a route may delete it; and a new import."""
    if rule is not None and "import_id" in rule.arguments:
        return {"import_id": str(handed(journal))}
    with journal.writing() as db:
        bo = user(db, "bo")
        post = Post.draft(db, bo, Content.of("Of Bo", "Words"))
        post.publish(db)
        comment = say(db, post, Said("Well said"), options=Options.read(db), user=bo).comment
        revision = Revision.newest(db, post.id)
        assert revision is not None
        numbers = {"post_id": post.id, "comment_id": comment.id, "revision_id": revision.id}
        numbers["term_id"] = Term.named(db, Taxonomy.CATEGORY, f"Shelf {post.id}").id
    return {name: str(value) for name, value in numbers.items()}


def asked(visitor: Visitor, rule: Rule, method: str, values: dict[str, str]) -> TestResponse:
    path = re.sub(r"<(?:[^<>]*:)?(\w+)>", lambda found: values[found[1]], rule.rule)
    return visitor.get(path) if method == "GET" else visitor.post(path)


def is_in(answer: TestResponse) -> bool:
    return answer.status_code not in (401, 403) and not (answer.location or "").startswith("/sign-in?next")
