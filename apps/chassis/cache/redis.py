"""A cache in Redis: a warm read is one GET; each claim, fill and invalidation is a script, so one atomic round trip."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from apps.chassis.cache.backends import CLAIM_SECONDS, TICKET_SECONDS, CacheBroken, Claim
from apps.chassis.redis import RedisServer, RedisUnavailable, Script

# Each name has three keys: its value, who is loading it ("until ticket"), and a mark that it was just invalidated.
CLAIM = Script(
    """#!lua
local value = redis.call('GET', KEYS[1])
if value then return {value, 0, 0} end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local holder = redis.call('GET', KEYS[2])
if holder and tonumber(string.match(holder, '^%d+')) > now then return {false, 0, 0} end
local claim = string.format('%.0f', now + tonumber(ARGV[2])) .. ' ' .. ARGV[1]
redis.call('SET', KEYS[2], claim, 'PX', ARGV[3])
return {false, 1, redis.call('EXISTS', KEYS[3])}
"""
)
FILL = Script(
    """#!lua
local holder = redis.call('GET', KEYS[2])
if not holder or string.match(holder, ' (.*)$') ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[2])
if ARGV[2] then redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]) end
return 1
"""
)
INVALIDATE = Script(
    """#!lua
for i = 1, #KEYS, 3 do
  redis.call('DEL', KEYS[i], KEYS[i + 1])
  redis.call('SET', KEYS[i + 2], '1', 'PX', ARGV[1])
end
return 1
"""
)
COUNT = Script(
    """#!lua
local number = redis.call('INCR', KEYS[1])
if number == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return number
"""
)


class RedisBackend:
    """Bounded by the lifetimes of what is stored and by the server's own maxmemory."""

    stores = True

    def __init__(self, server: RedisServer) -> None:
        self._server = server

    def read(self, name: str) -> bytes | None:
        with _usable():
            value: bytes | None = self._server.command("GET", _keys(name)[0])
        return value

    def claim(self, name: str, ticket: str) -> Claim:
        times = (_milliseconds(CLAIM_SECONDS), _milliseconds(TICKET_SECONDS))
        with _usable():
            value, won, pinned = self._server.run(CLAIM, _keys(name), (ticket, *times))
        return Claim(value, ticket if won else None, bool(pinned))

    def fill(self, name: str, ticket: str, value: bytes, lifetime: float) -> None:
        with _usable():
            self._server.run(FILL, _keys(name), (ticket, value, _milliseconds(lifetime)))

    def release(self, name: str, ticket: str) -> None:
        with _usable():
            self._server.run(FILL, _keys(name), (ticket,))

    def write(self, name: str, value: bytes, lifetime: float) -> None:
        with _usable():
            self._server.command("SET", _keys(name)[0], value, "PX", _milliseconds(lifetime))

    def invalidate(self, names: Sequence[str], pin_seconds: float) -> None:
        keys = [key for name in names for key in _keys(name)]
        with _usable():
            self._server.run(INVALIDATE, keys, (_milliseconds(pin_seconds),))

    def count(self, name: str, lifetime: float) -> int:
        with _usable():
            return int(self._server.run(COUNT, (f"count:{name}",), (_milliseconds(lifetime),)))

    def close(self) -> None:
        self._server.close()

    def ready(self) -> Mapping[str, Any]:
        return self._server.ready()


@contextmanager
def _usable() -> Iterator[None]:
    try:
        yield
    except RedisUnavailable as error:
        raise CacheBroken(str(error)) from error


def _keys(name: str) -> tuple[str, str, str]:
    return f"cache:{name}", f"claim:{name}", f"pin:{name}"


def _milliseconds(seconds: float) -> int:
    return max(1, int(seconds * 1000))
