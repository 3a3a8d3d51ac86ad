"""What the parser for strangers' XML refuses, and what it reads."""

from xml.parsers import expat

import pytest

from apps.chassis.plainxml import DeclaresEntities, plain_parser


@pytest.mark.parametrize(
    "declared", ["<!DOCTYPE a>", '<!DOCTYPE a [<!ENTITY x "y">]>', '<!DOCTYPE a SYSTEM "file:///etc/passwd">']
)
def test_nothing_may_be_declared(declared: str) -> None:
    with pytest.raises(DeclaresEntities):
        plain_parser().Parse(f"{declared}<a/>".encode(), True)


@pytest.mark.parametrize("encoding", ["utf-8", "UTF-8", "us-ascii", "ISO-8859-1", "windows-1252", "koi8-r"])
def test_encodings_of_one_byte_are_read(encoding: str) -> None:
    assert plain_parser().Parse(f'<?xml version="1.0" encoding="{encoding}"?><a/>'.encode(), True) == 1


@pytest.mark.parametrize("encoding", ["klingon", "euc-kr", "base64", "rot13", "punycode", "idna", "utf-7"])
def test_other_encodings_are_an_error_of_the_document(encoding: str) -> None:
    with pytest.raises(expat.ExpatError, match="unknown encoding") as refused:
        plain_parser().Parse(f'<?xml version="1.0" encoding="{encoding}"?><a/>'.encode(), True)
    assert (refused.value.lineno, expat.ErrorString(refused.value.code)) == (1, "unknown encoding")
