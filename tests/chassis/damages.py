"""What may happen to the file of a backup."""

import gzip


def shortened(data: bytes) -> bytes:
    return data[: len(data) // 2]


def without_a_row(data: bytes) -> bytes:
    kept = gzip.decompress(data).splitlines(keepends=True)
    return gzip.compress(b"".join(kept[:3] + kept[4:]))


def with_another_row(data: bytes) -> bytes:
    return gzip.compress(gzip.decompress(data).replace(b"Coats", b"Boats"))


def without_its_end(data: bytes) -> bytes:
    return gzip.compress(b"".join(gzip.decompress(data).splitlines(keepends=True)[:-1]))


def with_more_behind(data: bytes) -> bytes:
    return gzip.compress(gzip.decompress(data) + b"{}\n")


def flipped(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]
