"""The file of a backup: JSON by lines, gzipped, with a checksum of each table and of the whole."""

import base64
import gzip
import hashlib
import json
import os
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

FORMAT = 1


class BadArchive(Exception):
    """The file is damaged, or is no backup; the text says which."""


class Writer:
    """Writes to a descriptor; at the end of the `with` the file is whole and on disk, unless an exception ended it."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._raw = os.fdopen(descriptor, "wb", closefd=False)
        self._file = gzip.GzipFile(fileobj=self._raw, mode="wb", mtime=0)
        self._whole = hashlib.sha256()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._line({"whole": self._whole.hexdigest()})
        self._file.close()
        self._raw.close()
        if kind is None:
            os.fsync(self._descriptor)

    def begin(self, heading: Mapping[str, Any]) -> None:
        self._line({"backup": FORMAT} | dict(heading))

    def table(self, name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
        """Write a table and answer how many rows it has."""
        self._line({"table": name, "columns": list(columns)})
        count, checksum = 0, hashlib.sha256()
        for row in rows:
            count += 1
            checksum.update(self._line([_plain(value) for value in row]))
        self._line({"end": name, "rows": count, "sha256": checksum.hexdigest()})
        return count

    def _line(self, value: object) -> bytes:
        line = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        self._whole.update(line)
        self._file.write(line)
        return line


class Archive:
    """Reads what Writer wrote and checks it on the way; whoever reads to the end has read nothing that is damaged."""

    def __init__(self, file: Path) -> None:
        self._file = gzip.GzipFile(file, "rb")
        self._whole = hashlib.sha256()
        self.heading: Mapping[str, Any] = {}

    def __enter__(self) -> Self:
        try:
            self.heading = self._named("backup")
            if self.heading["backup"] != FORMAT:
                raise BadArchive("it was written by a later release")
        except BaseException:
            self._file.close()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._file.close()

    def tables(self) -> Iterator[tuple[str, list[str], Iterator[list[Any]]]]:
        """Each table's name, columns and rows; the rows are to be read to their end before the next table."""
        while True:
            before = self._whole.hexdigest()
            value = self._next()
            if isinstance(value, dict) and "whole" in value:
                self._end(value["whole"], before)
                return
            if not isinstance(value, dict) or not {"table", "columns"} <= value.keys():
                raise BadArchive("it is damaged: a table was expected")
            name, columns = value["table"], value["columns"]
            if not isinstance(columns, list) or not all(isinstance(told, str) for told in [name, *columns]):
                raise BadArchive("it is damaged: a table without a name or columns")
            yield name, columns, self._rows(name, len(columns))

    def _rows(self, name: str, width: int) -> Iterator[list[Any]]:
        count, checksum = 0, hashlib.sha256()
        while isinstance(value := self._parsed(line := self._line()), list):
            count += 1
            checksum.update(line)
            if len(value) != width:
                raise BadArchive(f"it is damaged: row {count} of {name} has not one value for each column")
            yield [_value(item) for item in value]
        if value != {"end": name, "rows": count, "sha256": checksum.hexdigest()}:
            raise BadArchive(f"it is damaged: the checksum of {name} is not that of its {count} rows")

    def _end(self, told: str, found: str) -> None:
        if told != found or self._raw_line():
            raise BadArchive("it is damaged: its checksum is not that of what it has")

    def _named(self, name: str) -> Mapping[str, Any]:
        value = self._next()
        if not isinstance(value, dict) or name not in value:
            raise BadArchive("it is no backup")
        return value

    def _next(self) -> Any:
        return self._parsed(self._line())

    def _line(self) -> bytes:
        line = self._raw_line()
        if not line.endswith(b"\n"):
            raise BadArchive("it is damaged: it ends too early")
        self._whole.update(line)
        return line

    def _raw_line(self) -> bytes:
        try:
            return self._file.readline()
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise BadArchive(f"it is damaged: {error}") from error

    def _parsed(self, line: bytes) -> Any:
        try:
            return json.loads(line)
        except (ValueError, RecursionError) as error:
            raise BadArchive(f"it is damaged: {error}") from error


def _plain(value: Any) -> Any:
    """A value as JSON has it, alike from every kind of database."""
    if isinstance(value, bool):
        return int(value)
    if value is None or isinstance(value, int | str):
        return value
    if isinstance(value, datetime):
        return {"at": value.isoformat()}
    if isinstance(value, bytes):
        return {"bytes": base64.b64encode(value).decode()}
    raise TypeError(f"no backup can have a {type(value).__name__}")


def _value(item: Any) -> Any:
    if not isinstance(item, dict):
        return item
    try:
        return base64.b64decode(item["bytes"]) if "bytes" in item else datetime.fromisoformat(item["at"])
    except (KeyError, TypeError, ValueError) as error:
        raise BadArchive(f"it is damaged: {error!r} in a value") from error
