"""What no test needs to wait for: templates that another app has compiled, and hashes that are slow by design."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import CodeType

import pytest
from argon2 import PasswordHasher
from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache

from apps.chassis import passwords

_slow_hasher = passwords._hasher


@contextmanager
def quick_apps() -> Iterator[None]:
    """Let the apps of this process share their compiled templates, and hash passwords with next to no work."""
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Flask, "jinja_options", {"bytecode_cache": _Compiled()})
        patch.setattr(passwords, "_hasher", lambda: hasher)
        yield


def hash_slowly(patch: pytest.MonkeyPatch) -> None:
    """Hash as in production until `patch` is undone."""
    patch.setattr(passwords, "_hasher", _slow_hasher)
    # Nobody's hash is kept, and it may be one of the quick ones.
    passwords._nobody.cache_clear()


class _Compiled(BytecodeCache):
    """Templates by their file and text, and by the extensions that have a say in what they are compiled to."""

    def __init__(self) -> None:
        self._codes: dict[tuple[object, ...], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get(_key(bucket))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._codes[_key(bucket)] = bucket.code


def _key(bucket: Bucket) -> tuple[object, ...]:
    return bucket.key, bucket.checksum, *sorted(bucket.environment.extensions)
