"""The catalogues: whole, sound, and as the tool writes them."""

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from tools import translations
from tools.translations import ROOT

CATALOGUES = list(translations.catalogues())


@pytest.mark.parametrize(("folder", "language"), CATALOGUES)
def test_every_text_is_translated_with_its_placeholders(folder: str, language: str) -> None:
    file = ROOT / "apps" / folder / "translations" / f"{language}.po"
    updated = translations.brought_up_to_date(file, folder, language)
    assert list(translations.flaws(updated)) == []
    assert file.read_bytes() == translations.written(updated), "make translations brings it up to date"


def test_the_catalogues_are_those_of_the_sites_that_have_languages() -> None:
    assert CATALOGUES == [("chassis", "ko"), ("whatisthetime", "ko"), ("myclothes", "ko"), ("mywordpress", "ko")]


@pytest.mark.parametrize(
    ("text", "translation"),
    [
        ("%(hours)d h", ""),
        ("%(hours)d h", "%(hour)d시간"),
        ("%(hours)d h", "%(hours)s시간"),
        ("50%% off", "50% 할인"),
        ("<b>now</b>", "<b>지금<b>"),
        (("%(num)d day", "%(num)d days"), ("하루",)),
    ],
)
def test_a_translation_that_would_break_is_named(
    text: str | tuple[str, str], translation: str | tuple[str, ...]
) -> None:
    catalog = Catalog("ko")
    catalog.add(text, translation)
    assert len(list(translations.flaws(catalog))) == 1


def test_what_is_gone_goes_and_what_was_said_stays(tmp_path: Path) -> None:
    file = tmp_path / "ko.po"
    said = Catalog("ko")
    said.add("Not found", "없음")
    said.add("Long gone", "오래전")
    file.write_bytes(translations.written(said))
    updated = translations.brought_up_to_date(file, "chassis", "ko")
    assert updated["Not found"].string == "없음"
    assert not updated["Try again"].string
    assert b"Long gone" not in translations.written(updated)
