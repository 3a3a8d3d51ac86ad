"""What somebody may do with one post, by WordPress's rules: whose it is and how far it has come decide."""

from collections.abc import Iterator

from apps.mywordpress.accounts.models import User
from apps.mywordpress.posts.columns import PUBLISHED, Columns, Kind, State

# Readers see these, or are about to.
LIVE = (PUBLISHED, State.FUTURE)


class Permissions(Columns):
    """The part of a post that knows who may do what; nobody (None) is a reader without an account."""

    __abstract__ = True

    @property
    def is_seen(self) -> bool:
        """Whether readers may see something of it: a page that is hidden still stands in the addresses below it."""
        return self.published or self.kind == Kind.PAGE

    def may_be_edited_by(self, user: User | None) -> bool:
        """Change it, or move it from one state to another that readers do not see."""
        return self._allows("edit", user)

    def may_be_deleted_by(self, user: User | None) -> bool:
        """Trash, restore or delete it."""
        return self._allows("delete", user)

    def may_be_published_by(self, user: User | None) -> bool:
        """Show it to readers, now or at a date, or make it private."""
        return user is not None and user.can(f"publish_{self.kind}s") and self.may_be_edited_by(user)

    def may_be_read_by(self, user: User | None) -> bool:
        """See it; a password that it may have is another matter."""
        if self.published or user is None:
            return self.published
        if user.id == self.author_id:
            return user.can("read")
        if self.state == State.PRIVATE:
            return user.can(f"read_private_{self.kind}s")
        return self.may_be_edited_by(user)

    def _allows(self, verb: str, user: User | None) -> bool:
        return user is not None and all(user.can(capability) for capability in self._needed(verb, user))

    def _needed(self, verb: str, user: User) -> Iterator[str]:
        """The capabilities that WordPress asks for: `edit_others_posts`, `delete_published_pages`."""
        # In the trash it counts as what it was.
        status = self.trashed_from or self.status
        if user.id != self.author_id:
            yield f"{verb}_others_{self.kind}s"
        elif status not in LIVE:
            yield f"{verb}_{self.kind}s"
        if status in LIVE:
            yield f"{verb}_published_{self.kind}s"
        elif status == State.PRIVATE and user.id != self.author_id:
            yield f"{verb}_private_{self.kind}s"
