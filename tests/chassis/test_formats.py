"""Dates, numbers and names as each language writes them."""

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from apps.chassis.app import create_app
from apps.chassis.formats import city_name, country_name
from apps.chassis.settings import Settings

MOMENT = datetime(2026, 3, 29, 15, 4, 5, tzinfo=timezone(timedelta(hours=9)))


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str, str], str]:
    """What a template's expression gives in a language."""
    app = create_app(Settings.from_environ({"APP": "whatisthetime", "VAR_DIR": str(tmp_path)}))

    def render(language: str, expression: str) -> str:
        with app.test_request_context(f"/?lang={language}"):
            return app.jinja_env.from_string(f"{{{{ {expression} }}}}").render(moment=MOMENT, day=date(2026, 3, 29))

    return render


@pytest.mark.parametrize(
    ("expression", "english", "korean"),
    [
        ("format_date(day)", "29 March 2026", "2026년 3월 29일"),
        ("format_date(moment, 'full')", "Sunday 29 March 2026", "2026년 3월 29일 일요일"),
        ("format_date(day, 'MMMd')", "29 Mar", "3월 29일"),
        ("format_date(moment, 'EEEE')", "Sunday", "일요일"),
        ("format_time(moment)", "15:04", "15:04"),
        ("format_datetime(moment, seconds=True)", "29 March 2026, 15:04:05", "2026년 3월 29일 15:04:05"),
        ("format_number(12345.6789)", "12,345.679", "12,345.679"),
        ("city_name('Asia/Seoul')", "Seoul", "서울"),
        ("country_name('GB')", "United Kingdom", "영국"),
    ],
)
def test_each_language_writes_in_its_own_way(
    written: Callable[[str, str], str], expression: str, english: str, korean: str
) -> None:
    assert written("en", expression) == english
    assert written("ko", expression) == korean


def test_a_place_is_called_by_its_present_name() -> None:
    assert [city_name(zone, "ko") for zone in ("Europe/Kyiv", "America/Indiana/Indianapolis")] == [
        "키이우",
        "인디애나폴리스",
    ]
    assert [city_name(zone, "en") for zone in ("America/St_Johns", "America/Argentina/Buenos_Aires")] == [
        "St John’s",
        "Buenos Aires",
    ]


def test_what_is_no_place_keeps_its_name() -> None:
    assert [city_name(zone, "ko") for zone in ("US/Pacific", "Etc/GMT+3", "UTC")] == ["Pacific", "GMT+3", "UTC"]
    assert country_name("ZZ9", "ko") == "ZZ9"
