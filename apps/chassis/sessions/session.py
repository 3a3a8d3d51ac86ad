"""The visitor's session as a view sees it, and with it what the visitor's account keeps over all its sessions."""

from collections.abc import Callable, Iterator

from flask.sessions import SessionMixin

from apps.chassis.frame import current_record
from apps.chassis.sessions.fields import FieldMap
from apps.chassis.sessions.operations import (
    OWNER,
    Change,
    Drop,
    Fields,
    HandOver,
    Operation,
    Put,
    checked_field,
    encoded,
)
from apps.chassis.sessions.stores import Saved, SessionStore


class Session(FieldMap, SessionMixin):
    """Fields of JSON values. What this request changed is seen by it at once and by others after `save`.

    Any access may raise SessionUnavailable.
    """

    def __init__(self, store: SessionStore, lifetime: float, find_token: Callable[[], str | None]) -> None:
        self._store = store
        self._lifetime = lifetime
        self._find_token = find_token
        self._accessed = False
        self._token: str | None = None
        self._fields: Fields | None = None
        self._exists = False
        self._operations: list[Operation] = []
        self._rotates = False
        self._hand_over: HandOver | None = None
        self._cleared: str | None = None
        self._shared = Shared(self)
        self.modified = False
        self.cookie: str | None = None

    def __iter__(self) -> Iterator[str]:
        return iter(self.fields())

    def __len__(self) -> int:
        return len(self.fields())

    @property
    def shared(self) -> "Shared | None":
        """What the owner keeps over all their sessions; None without an owner, or where the store shares nothing."""
        return self._shared if self._store.shares and self.owner is not None else None

    def hand_over(self, prefix: str, *, maximum: int, most: int, note: str) -> None:
        """Add the counters whose names begin so to what the owner shares, at the save: for sign-in.

        Each is clipped at `maximum`, and of no more than `most` kinds; field `note` then says what became of them, as
        `{"moved": {name: amount}, "left": {name: amount}}`. Raises ValueError for a session that shares nothing.
        """
        if self.shared is None:
            raise ValueError("there is nobody to hand over to")
        self._hand_over, self.modified = HandOver(prefix, maximum, most, checked_field(note)), True

    def rotate(self) -> None:
        """Give this session a new id and end the old one, at the save: for sign-in. The fields are kept."""
        self._touch()
        self._rotates = self.modified = True

    def clear(self) -> None:
        """End this session and remove its cookie: for sign-out. What is set afterwards begins a new session."""
        self._touch()
        self._cleared = self._cleared or self._token
        self._forget_changes()
        self._token, self._fields, self._exists, self.modified = None, {}, False, True

    def discard(self) -> None:
        """Forget what was changed and not saved, and what was read, as if untouched."""
        if self._accessed:
            self._token = self._cleared or self._token
            self._fields, self._exists, self._cleared = None, False, None
            self._forget_changes()

    def save(self) -> None:
        """Store what was changed, atomically, and see what is stored now; nothing happens where nothing was changed.

        Raises SessionUnavailable, SessionTooLarge, or SessionEnded for a session that this request has read and that
        was signed out, revoked or rotated since: it never comes back. After an error nothing is left to save.
        """
        if not self.modified:
            return
        cleared, token = self._cleared, self._token
        change = self._pending()
        self.discard()
        if cleared is not None:
            self._store.delete(cleared)
            self._token, self.cookie = None, ""
        if change.operations or change.shares or (change.rotate and token):
            self._store_change(None if cleared else token, change)

    @property
    def owner(self) -> str | None:
        """Whose session this is ("customer:7"), so that `SessionStore.revoke` finds it: sign-out everywhere."""
        owner: str | None = self._read().get(OWNER)
        return owner

    @owner.setter
    def owner(self, owner: str | None) -> None:
        self._do(Drop(OWNER) if owner is None else Put(OWNER, encoded(owner)))

    @property
    def new(self) -> bool:  # type: ignore[override]
        """Whether nothing is stored of it yet."""
        self._read()
        return not self._exists

    @property
    def owned(self) -> bool:
        """Whether this request has seen whose session it is; asks nobody."""
        return bool(self._fields and OWNER in self._fields)

    @property
    def accessed(self) -> bool:
        """Whether the answer may depend on the session."""
        return self._accessed

    @accessed.setter
    def accessed(self, _: bool) -> None:
        """Flask sets this when anybody looks at the object; only looking into it counts here."""

    def _do(self, operation: Operation) -> None:
        self._touch()
        self.modified = True
        self._operations.append(operation)
        if self._fields is not None:
            operation.apply(self._fields)

    def _read(self) -> Fields:
        self._touch()
        if self._fields is None:
            self._fields = self._load()
        return self._fields

    def _load(self) -> Fields:
        loaded = self._store.load(self._token, self._lifetime) if self._token else None
        fields: Fields = {}
        if loaded is not None:
            self._exists, self._token, fields = True, loaded.token, loaded.fields
            self.cookie = loaded.token if loaded.renewed else self.cookie
            self._shared.know(fields.get(OWNER), loaded.shared)
        for operation in self._operations:
            operation.apply(fields)
        return fields

    def _touch(self) -> None:
        if not self._accessed:
            self._accessed = True
            self._token = self._find_token()
            current_record().session = self._store.name

    def _pending(self) -> Change:
        shared = tuple(self._shared.operations)
        shares = shared or self._hand_over
        return Change(
            tuple(self._operations), self._rotates, self._exists, self._lifetime,
            owner=self.owner if shares else None, shared=shared, hand_over=self._hand_over,
        )  # fmt: skip

    def _store_change(self, token: str | None, change: Change) -> None:
        saved = self._store.save(token, change)
        if saved.token and (saved.renewed or saved.token != token):
            self.cookie = saved.token
        self._token, self._fields, self._exists = saved.token or token, saved.fields, saved.token is not None
        self._shared.know(saved.fields.get(OWNER), saved.shared)
        _note(saved)

    def _forget_changes(self) -> None:
        self._operations, self._rotates, self._hand_over, self.modified = [], False, None, False
        self._shared.know(None, None)
        self._shared.operations.clear()


class Shared(FieldMap):
    """What one owner's sessions have in common. It comes and goes with its session: one load, one save."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._fields: Fields | None = None
        self._owner: str | None = None
        self.operations: list[Operation] = []

    def know(self, owner: str | None, fields: Fields | None) -> None:
        """Take over what the store has told of this owner."""
        self._owner, self._fields = owner, fields

    def _read(self) -> Fields:
        owner = self._session.owner
        if self._fields is None or self._owner != owner:
            # Only for whom this very request signs in, for else it came with the session.
            self.know(owner, self._session._store.shared_of(str(owner)))
            for operation in self.operations:
                operation.apply(self._known())
        return self._known()

    def _do(self, operation: Operation) -> None:
        self._session.modified = True
        self.operations.append(operation)
        if self._fields is not None:
            operation.apply(self._fields)

    def _known(self) -> Fields:
        return {} if self._fields is None else self._fields


def _note(saved: Saved) -> None:
    if not saved.confirmed:
        current_record().unconfirmed = True
