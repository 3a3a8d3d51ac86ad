"""Roles and what each may do, in WordPress's words. Data and nothing else."""

from enum import StrEnum

from apps.chassis.people import ADMINISTRATOR


class Role(StrEnum):
    """From whoever only reads to whoever looks after everything."""

    SUBSCRIBER = "subscriber"
    CONTRIBUTOR = "contributor"
    AUTHOR = "author"
    EDITOR = "editor"
    ADMINISTRATOR = ADMINISTRATOR


READING = frozenset({"read"})
DRAFTING = {"edit_posts", "delete_posts"}
WRITING = {"edit_published_posts", "delete_published_posts", "publish_posts", "upload_files"}
PAGES = {"edit_pages", "edit_published_pages", "publish_pages", "delete_pages", "delete_published_pages"}
OF_OTHERS = {
    f"{verb}_{whose}_{kind}"
    for verb in ("edit", "delete")
    for whose in ("others", "private")
    for kind in ("posts", "pages")
}
KEEPING = {"read_private_posts", "read_private_pages", "manage_categories", "moderate_comments"}
PEOPLE = {"list_users", "create_users", "edit_users", "promote_users", "delete_users"}
OWNING = {"manage_options", "edit_theme_options", "import", "export"}

CAPABILITIES: dict[str, frozenset[str]] = {
    Role.SUBSCRIBER: READING,
    Role.CONTRIBUTOR: READING | DRAFTING,
    Role.AUTHOR: READING | DRAFTING | WRITING,
    Role.EDITOR: READING | DRAFTING | WRITING | PAGES | OF_OTHERS | KEEPING,
    Role.ADMINISTRATOR: READING | DRAFTING | WRITING | PAGES | OF_OTHERS | KEEPING | PEOPLE | OWNING,
}
