"""PyMySQL, but for how it reads what a query finds: a page spent as much on that as on half of its HTML.

What a server tells of the columns, again with each result, is understood once, and rows are read without an object for
each. All else PyMySQL does itself.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from struct import Struct
from typing import Any, NamedTuple

from pymysql.connections import MAX_PACKET_LEN, Connection, MySQLResult
from pymysql.constants import FIELD_TYPE
from pymysql.converters import conversions, convert_datetime
from pymysql.err import OperationalError
from pymysql.protocol import MysqlPacket

# Its types do not tell of what is its own.
Connected: Any = Connection
Result: Any = MySQLResult

# None reads text.
Read = Callable[[bytes], Any] | None

HEADER = Struct("<HBB")
NULL, END, ERROR = 0xFB, 0xFE, 0xFF
LONGEST_END = 8
# In how many bytes the length follows of a value that is too long for one.
LENGTHS = {0xFC: 2, 0xFD: 3, 0xFE: 8}
SERVER_LOST = 2013
# A statement has the same columns each time.
MOST_KNOWN = 500


def moment(text: str) -> Any:
    """A DATETIME, or what PyMySQL makes of one that never was."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return convert_datetime(text)


CONVERSIONS = conversions | {FIELD_TYPE.DATETIME: moment}


class Wire(Connected):  # type: ignore[misc]
    """A connection in UTF-8, with the values that PyMySQL gives unless told otherwise."""

    _next_seq_id: int

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments, conv=CONVERSIONS)

    def _read_query_result(self, unbuffered: bool = False) -> Any:
        if unbuffered:
            return super()._read_query_result(unbuffered=True)
        self._result = None
        found = Found(self)
        found.read()
        self._result = found
        if found.server_status is not None:
            self.server_status = found.server_status
        return found.affected_rows

    def next_payload(self) -> bytes:
        """What the next packet holds, once PyMySQL has read the first of an answer; raises what that would."""
        payload, size = b"", MAX_PACKET_LEN
        while size == MAX_PACKET_LEN:
            low, high, number = HEADER.unpack(self._read_bytes(HEADER.size))
            size = low + (high << 16)
            if number != self._next_seq_id:
                self._force_close()
                raise OperationalError(SERVER_LOST, "Lost connection to MySQL server during query")
            self._next_seq_id = (number + 1) % 256
            payload += self._read_bytes(size)
        if payload[0] == ERROR:
            MysqlPacket(payload, self.encoding).raise_for_error()
        return payload


class Found(Result):  # type: ignore[misc]
    """All that a query has found."""

    def _read_result_packet(self, first: MysqlPacket) -> None:
        connection = self.connection
        self.field_count = first.read_length_encoded_integer() or 0
        # Of each column, and what ends them.
        told = tuple([connection.next_payload() for _ in range(self.field_count + 1)])
        self.fields, self.description, reads = columns_of(told)
        self.rows = tuple(self._rows(connection, reads))
        self.affected_rows = len(self.rows)

    def _rows(self, connection: Wire, reads: Sequence[Read]) -> Iterator[tuple[Any, ...]]:
        while True:
            payload = connection.next_payload()
            if payload[0] == END and len(payload) <= LONGEST_END:
                self._check_packet_is_eof(MysqlPacket(payload, connection.encoding))
                return
            yield tuple(values_of(payload, reads))


class Columns(NamedTuple):
    """What PyMySQL makes of what a server tells of the columns of a result, and how to read the values of each."""

    fields: Sequence[Any]
    description: tuple[Any, ...]
    reads: Sequence[Read]


class Told:
    """What PyMySQL takes for a connection on which that comes, and nothing else."""

    use_unicode, encoding, decoders = True, "utf8", CONVERSIONS

    def __init__(self, payloads: Sequence[bytes]) -> None:
        self._payloads = iter(payloads)

    def _read_packet(self, kind: type[MysqlPacket] = MysqlPacket) -> MysqlPacket:
        return kind(next(self._payloads), self.encoding)


@lru_cache(maxsize=MOST_KNOWN)
def columns_of(told: tuple[bytes, ...]) -> Columns:
    """The columns of which this was told; the last of it is the end."""
    result: Any = MySQLResult(Told(told))  # type: ignore[arg-type]
    result.field_count = len(told) - 1
    result._get_descriptions()
    return Columns(result.fields, result.description, [read_by(*how) for how in result.converters])


def read_by(encoding: str | None, convert: Callable[[Any], Any] | None) -> Read:
    """Decoded and converted at once."""
    if encoding is None:
        return convert or bytes
    if convert is None:
        return None
    # Numbers are read from bytes as well.
    return convert if convert in (int, float) else lambda data: convert(data.decode(encoding))


def values_of(payload: bytes, reads: Sequence[Read]) -> list[Any]:
    """The values of a row."""
    values: list[Any] = []
    at = 0
    for read in reads:
        size = payload[at]
        at += 1
        if size == NULL:
            values.append(None)
            continue
        if size > NULL:
            begin, at = at, at + LENGTHS[size]
            size = int.from_bytes(payload[begin:at], "little")
        begin, at = at, at + size
        values.append(payload[begin:at].decode() if read is None else read(payload[begin:at]))
    return values
