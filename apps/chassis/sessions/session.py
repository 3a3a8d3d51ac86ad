"""The visitor's session as a view sees it."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from flask.sessions import SessionMixin

from apps.chassis.frame import current_record
from apps.chassis.sessions.operations import (
    LARGEST_COUNT,
    OWNER,
    Add,
    Change,
    Drop,
    Fields,
    MoveOn,
    Operation,
    Put,
    checked_count,
    checked_field,
    encoded,
)
from apps.chassis.sessions.stores import SessionStore


class Session(SessionMixin):
    """Fields of JSON values. What this request changed is seen by it at once and by others after `save`.

    Any access may raise SessionUnavailable. A value is changed by assigning it anew; changes inside of it are not seen.
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
        self._cleared: str | None = None
        self.modified = False
        self.cookie: str | None = None

    def get(self, field: str, default: Any = None) -> Any:
        return self._read().get(field, default)

    def __getitem__(self, field: str) -> Any:
        return self._read()[field]

    def __contains__(self, field: object) -> bool:
        return field in self._read()

    def __iter__(self) -> Iterator[str]:
        return iter(self.fields())

    def __len__(self) -> int:
        return len(self.fields())

    def fields(self, prefix: str = "") -> dict[str, Any]:
        """All fields whose names begin so, sorted by name."""
        found = self._read()
        return {name: found[name] for name in sorted(found) if name.startswith(prefix) and name != OWNER}

    def __setitem__(self, field: str, value: Any) -> None:
        """Set a field; raises TypeError or ValueError for what is no JSON value or no name for a field."""
        self._do(Put(checked_field(field), encoded(value)))

    def __delitem__(self, field: str) -> None:
        """Remove a field; raises KeyError where there is none."""
        del self._read()[checked_field(field)]
        self._do(Drop(field))

    def add(self, field: str, amount: int, *, maximum: int | None = None) -> None:
        """Count up or down from what is stored at the save, clipped at `maximum`; zero or less removes the field."""
        most = LARGEST_COUNT if maximum is None else checked_count(maximum)
        self._do(Add(checked_field(field), checked_count(amount), most))

    def move_on(self, field: str, expected: int, *, subtract: Mapping[str, int]) -> None:
        """If counter `field` is `expected` at the save: add one to it and take each amount from its counter.

        Else nothing happens, so two requests that move on from the same generation do so once.
        """
        amounts = tuple((checked_field(name), checked_count(amount)) for name, amount in subtract.items())
        self._do(MoveOn(checked_field(field), checked_count(expected), amounts))

    def rotate(self) -> None:
        """Give this session a new id and end the old one, at the save: for sign-in. The fields are kept."""
        self._touch()
        self._rotates = self.modified = True

    def clear(self) -> None:
        """End this session and remove its cookie: for sign-out. What is set afterwards begins a new session."""
        self._touch()
        self._cleared = self._cleared or self._token
        self._token, self._fields, self._exists = None, {}, False
        self._operations, self._rotates, self.modified = [], False, True

    def discard(self) -> None:
        """Forget what was changed and not saved, and what was read, as if untouched."""
        if self._accessed:
            self._token = self._cleared or self._token
            self._fields, self._exists, self._cleared = None, False, None
            self._operations, self._rotates, self.modified = [], False, False

    def save(self) -> None:
        """Store what was changed, atomically, and see what is stored now; nothing happens where nothing was changed.

        Raises SessionUnavailable, SessionTooLarge, or SessionEnded for a session that this request has read and that
        was signed out, revoked or rotated since: it never comes back. After an error nothing is left to save.
        """
        if not self.modified:
            return
        cleared, token = self._cleared, self._token
        change = Change(tuple(self._operations), self._rotates, self._exists, self._lifetime)
        self.discard()
        if cleared is not None:
            self._store.delete(cleared)
            self._token, self.cookie = None, ""
        if change.operations or (change.rotate and token):
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
        for operation in self._operations:
            operation.apply(fields)
        return fields

    def _touch(self) -> None:
        if not self._accessed:
            self._accessed = True
            self._token = self._find_token()
            current_record().session = self._store.name

    def _store_change(self, token: str | None, change: Change) -> None:
        saved = self._store.save(token, change)
        if saved.token and (saved.renewed or saved.token != token):
            self.cookie = saved.token
        self._token, self._fields, self._exists = saved.token or token, saved.fields, saved.token is not None
