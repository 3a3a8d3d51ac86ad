"""Dates, numbers, cities and countries as a language writes them, from the CLDR data that comes with Babel.

Babel is loaded when one of these is first called: a site of one language, and an answer for programs, never need it.
"""

from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from apps.chassis.languages import language

if TYPE_CHECKING:
    from babel import Locale

LOCALES = {"en": "en_GB", "ko": "ko_KR"}
# CLDR writes a comma after the weekday, which the dates that scripts make in browsers do not have.
OWN_STYLES = {("en", "full"): "EEEE d MMMM y"}
STYLES = ("full", "long", "medium", "short")
# What CLDR knows by an older name only, or spells otherwise than Korean maps and newspapers do.
KOREAN_CITIES = {
    "Africa/Asmara": "아스마라",
    "America/Antigua": "앤티가",
    "America/Argentina/Buenos_Aires": "부에노스아이레스",
    "America/Argentina/Catamarca": "카타마르카",
    "America/Argentina/Cordoba": "코르도바",
    "America/Argentina/Jujuy": "후후이",
    "America/Argentina/Mendoza": "멘도사",
    "America/Atikokan": "아티코칸",
    "America/Bahia": "바이아",
    "America/Coyhaique": "코이아이케",
    "America/Indiana/Indianapolis": "인디애나폴리스",
    "America/Indiana/Petersburg": "인디애나주, 피터즈버그",
    "America/Kentucky/Louisville": "루이빌",
    "America/Kralendijk": "크랄렌데이크",
    "America/Marigot": "마리고",
    "America/Mexico_City": "멕시코시티",
    "America/Montreal": "몬트리올",
    "America/Noronha": "노로냐",
    "America/North_Dakota/Beulah": "노스다코타주, 뷸라",
    "America/North_Dakota/Center": "노스다코타주, 센터",
    "America/Nuuk": "누크",
    "America/Vancouver": "밴쿠버",
    "Asia/Chongqing": "충칭",
    "Asia/Harbin": "하얼빈",
    "Asia/Ho_Chi_Minh": "호찌민",
    "Asia/Istanbul": "이스탄불",
    "Asia/Kathmandu": "카트만두",
    "Asia/Kolkata": "콜카타",
    "Asia/Tel_Aviv": "텔아비브",
    "Asia/Yangon": "양곤",
    "Atlantic/Faroe": "페로 제도",
    "Australia/Brisbane": "브리즈번",
    "Australia/Canberra": "캔버라",
    "Europe/Belfast": "벨파스트",
    "Europe/Kyiv": "키이우",
    "Europe/Vienna": "빈",
    "Indian/Mahe": "마에",
    "Pacific/Chuuk": "추크",
    "Pacific/Pohnpei": "폰페이",
}


def helpers() -> dict[str, Callable[..., str]]:
    """What templates call."""
    return {
        "format_date": format_date,
        "format_time": format_time,
        "format_datetime": format_datetime,
        "format_number": format_number,
        "format_money": format_money,
        "city_name": city_name,
        "country_name": country_name,
    }


def format_date(day: date, style: str = "long") -> str:
    """`29 March 2026`; `style` is full (with the weekday), long, medium, short, or a CLDR skeleton such as `MMMd`.

    What is no skeleton of the language is a pattern of its own, such as `EEEE` for a weekday alone. A moment is shown
    on its own zone's calendar.
    """
    from babel import dates

    spoken = language()
    style = OWN_STYLES.get((spoken, style), style)
    if style not in STYLES and style in _locale(spoken).datetime_skeletons:
        return dates.format_skeleton(style, _midnight(day), locale=_locale(spoken))
    return dates.format_date(day, style, locale=_locale(spoken))


def format_time(moment: datetime | time, *, seconds: bool = False) -> str:
    """`15:04` or `15:04:05`, in all languages: the hours of a clock with 24."""
    return moment.strftime("%H:%M:%S" if seconds else "%H:%M")


def format_datetime(moment: datetime, style: str = "long", *, seconds: bool = False) -> str:
    """`29 March 2026, 15:04`: the date in a style of `format_date`, then the time, both in the moment's own zone."""
    glue = _locale(language()).datetime_formats["medium"]
    return str(glue).format(format_time(moment, seconds=seconds), format_date(moment, style))


def format_number(number: float) -> str:
    """`12,345.678`: with the language's separators, and at most three decimals."""
    from babel import numbers

    return numbers.format_decimal(number, locale=_locale(language()))


def format_money(cents: int, currency: str) -> str:
    """`€1,234.50` for 123450: an amount in hundredths of a currency, by its three letters of ISO 4217."""
    return _money(cents, currency, language())


def city_name(zone: str, spoken: str | None = None) -> str:
    """A zone's city as the language calls it: `Asia/Seoul` is `Seoul`, `서울`; this request's language unless told.

    What is no place, such as `US/Pacific` or `Etc/GMT+3`, and what CLDR has no name for, is called by its last part.
    """
    return _city(zone, spoken or language())


def country_name(code: str, spoken: str | None = None) -> str:
    """A country by its two letters of ISO 3166, as the language calls it; the letters if there is no such country."""
    return str(_locale(spoken or language()).territories.get(code, code))


@cache
def _locale(spoken: str) -> "Locale":
    from babel import Locale

    return Locale.parse(LOCALES[spoken])


@cache
def _named_cities(spoken: str) -> dict[str, str]:
    zones: Any = _locale(spoken).time_zones
    return {zone: str(names["city"]) for zone, names in zones.items() if "city" in names}


@lru_cache(4096)
def _money(cents: int, currency: str, spoken: str) -> str:
    from babel import numbers

    amount = numbers.format_currency(Decimal(cents) / 100, currency, locale=_locale(spoken))
    return amount.replace("-", "\N{MINUS SIGN}")


def _city(zone: str, spoken: str) -> str:
    if spoken == "ko" and zone in KOREAN_CITIES:
        return KOREAN_CITIES[zone]
    return _named_cities(spoken).get(zone) or zone.rpartition("/")[2].replace("_", " ")


def _midnight(day: date) -> datetime:
    return day if isinstance(day, datetime) else datetime.combine(day, time())
