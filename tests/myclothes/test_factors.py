"""The second factor."""

import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import select, update

from apps.chassis.settings import Settings
from apps.myclothes.accounts import factors
from apps.myclothes.accounts.audits import AuditEntry, record
from apps.myclothes.accounts.models import Customer, Role
from tests.myclothes.shop import PASSWORD, Shop, Visitor
from tests.myclothes.test_passwords import customer

# From RFC 6238, appendix B, of whose eight digits apps show the last six.
RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
PRODUCTION = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": "long enough for a production that exists in tests only",
    "PUBLIC_URL": "http://localhost",
    "TRUSTED_PROXY_HOPS": "0",
}
NOW = time.time()


@pytest.fixture(autouse=True)
def _time_stands_still(monkeypatch: pytest.MonkeyPatch) -> None:
    """Or a step might end between a code's making and its use."""
    monkeypatch.setattr(factors, "time", SimpleNamespace(time=lambda: NOW))


@pytest.fixture
def strict_shop(tmp_path: Path) -> Iterator[Shop]:
    """A shop in production."""
    shop = Shop(tmp_path, PRODUCTION)
    yield shop
    shop.close()


def set_up(visitor: Visitor, password: str = PASSWORD) -> tuple[str, list[str]]:
    """The secret and the recovery codes of a factor that the visitor has set up, by the previous step's code."""
    page = visitor.get("/account/second-factor/new").text
    key = re.search(r'class="factor__key">([A-Z2-7 ]+)<', page)
    sealed = re.search(r'name="sealed"[^>]*value="([^"]+)"', page)
    assert key is not None
    assert sealed is not None
    secret = key[1].replace(" ", "")
    form = {"sealed": sealed[1], "code": code(secret, -1), "current": password}
    answer = visitor.post("/account/second-factor", form)
    assert answer.status_code == 200
    return secret, re.findall(r"<code>([a-z0-9-]+)</code>", answer.text)


def code(secret: str, offset: int = 0) -> str:
    return factors.code_at(secret, int(NOW // factors.STEP_SECONDS) + offset)


def sign_in(shop: Shop, *codes: str) -> list[int | str | None]:
    """Sign in by password and each of the codes in turn; where each leads, or its status."""
    visitor = shop.visitor()
    assert visitor.sign_in().location == "/sign-in/code"
    # The password alone opens nothing.
    assert visitor.get("/account").status_code == 303
    answers = [visitor.post("/sign-in/code", {"code": code}) for code in codes]
    return [answer.location or answer.status_code for answer in answers]


@pytest.mark.parametrize(("moment", "shown"), [(59, "287082"), (1111111109, "081804"), (20000000000, "353130")])
def test_codes_are_those_of_the_standard(moment: int, shown: str) -> None:
    assert factors.code_at(RFC_SECRET, moment // 30) == shown
    assert factors.step_of(RFC_SECRET, f" {shown[:3]} {shown[3:]} ", moment + 30) == moment // 30
    assert factors.step_of(RFC_SECRET, shown, moment + 90) is None


def test_what_is_no_code_is_none() -> None:
    for typed in ("", "12345", "٣٣٣٣٣٣", "x" * 5000, "\x00"):
        assert factors.step_of(RFC_SECRET, typed) is None


def test_a_second_factor_is_asked_for_at_sign_in_and_each_code_taken_once(shop: Shop, ada: Visitor) -> None:
    secret, _codes = set_up(ada)
    assert sign_in(shop, "000000", code(secret, 20), code(secret)) == [422, 422, "/account"]
    assert sign_in(shop, code(secret), code(secret, -1)) == [422, 422]


def test_where_somebody_wanted_to_go_is_kept_beside_the_code(shop: Shop, ada: Visitor) -> None:
    secret, _codes = set_up(ada)
    visitor = shop.visitor()
    visitor.sign_in(next="/checkout")
    assert visitor.post("/sign-in/code", {"code": code(secret)}).location == "/checkout"


def test_a_code_is_good_for_one_of_two_at_once(shop: Shop, ada: Visitor) -> None:
    secret, _codes = set_up(ada)
    visitors = [shop.visitor() for _ in range(2)]
    for visitor in visitors:
        visitor.sign_in()
    with ThreadPoolExecutor(2) as pool:
        answers = pool.map(lambda visitor: visitor.post("/sign-in/code", {"code": code(secret)}).status_code, visitors)
    assert sorted(answers) == [303, 422]


def test_a_recovery_code_signs_in_once(shop: Shop, ada: Visitor) -> None:
    _secret, codes = set_up(ada)
    assert len(codes) == factors.RECOVERY_CODES
    assert sign_in(shop, codes[3].upper().replace("-", " ")) == ["/account"]
    assert sign_in(shop, codes[3]) == [422]
    assert sign_in(shop, codes[4]) == ["/account"]
    assert factors.codes_left(customer(shop)) == factors.RECOVERY_CODES - 2


@pytest.mark.usefixtures("one_window")
def test_guessing_codes_is_stopped(shop: Shop, ada: Visitor) -> None:
    set_up(ada)
    assert sign_in(shop, *["123456"] * 12)[-1] == 429


def test_without_the_password_there_is_no_way_to_the_code(shop: Shop, ada: Visitor) -> None:
    secret, _codes = set_up(ada)
    assert shop.visitor().get("/sign-in/code").location == "/sign-in"
    assert shop.visitor().post("/sign-in/code", {"code": code(secret)}).location == "/sign-in"


def test_who_was_half_way_when_the_password_changed_begins_anew(shop: Shop, ada: Visitor) -> None:
    secret, _codes = set_up(ada)
    visitor = shop.visitor()
    visitor.sign_in()
    ada.post("/account/password", {"password-current": PASSWORD, "password-password": "another long password"})
    assert visitor.post("/sign-in/code", {"code": code(secret)}).location == "/sign-in"


def test_the_secret_is_kept_sealed_and_outlives_a_change_of_key(tmp_path: Path) -> None:
    shop = Shop(tmp_path, {"SECRET_KEY": "x" * 40})
    ada = shop.visitor()
    ada.sign_up()
    secret, codes = set_up(ada)
    kept = customer(shop)
    assert kept.totp_secret is not None
    assert secret not in kept.totp_secret
    assert not any(one in kept.recovery_codes for one in codes)
    assert factors.unseal(shop.settings, kept.totp_secret) == secret
    environ = shop.environ | {"SECRET_KEY": "y" * 40, "SECRET_KEY_FALLBACKS": shop.settings.secret_key}
    assert factors.unseal(Settings.from_environ(environ), kept.totp_secret) == secret
    shop.close()


def test_set_up_takes_the_password_a_code_and_our_own_secret(shop: Shop, ada: Visitor) -> None:
    sealed = factors.seal(shop.settings, RFC_SECRET)
    form = {"sealed": sealed, "code": code(RFC_SECRET), "current": PASSWORD}
    assert ada.post("/account/second-factor", form | {"current": "wrong"}).status_code == 422
    assert ada.post("/account/second-factor", form | {"code": "1"}).status_code == 422
    for forged in ("", "nonsense", "x" * 5000):
        assert ada.post("/account/second-factor", form | {"sealed": forged}).location == "/account/second-factor/new"
    assert not customer(shop).has_second_factor
    assert ada.post("/account/second-factor", form).status_code == 200
    # A second tab that had shown another secret does not replace the first.
    assert ada.post("/account/second-factor", form).location == "/account/second-factor"


def test_codes_are_renewed_and_the_factor_removed_by_password(shop: Shop, ada: Visitor) -> None:
    _secret, codes = set_up(ada)
    assert ada.post("/account/second-factor/codes", {"codes-current": "wrong"}).status_code == 422
    assert ada.post("/account/second-factor/codes", {"codes-current": PASSWORD}).status_code == 200
    assert sign_in(shop, codes[0]) == [422]
    assert ada.post("/account/second-factor/removal", {"removal-current": "wrong"}).status_code == 422
    assert ada.post("/account/second-factor/removal", {"removal-current": PASSWORD}).status_code == 303
    assert shop.visitor().sign_in().location == "/account"


def test_the_command_helps_an_administrator_who_has_lost_the_phone(shop: Shop, ada: Visitor) -> None:
    set_up(ada)
    password_hash = customer(shop).password_hash
    with shop.db() as db:
        Customer.appoint(db, "ada@example.org", password_hash)
    assert shop.visitor().sign_in().location == "/account"


def appoint(shop: Shop, role: Role) -> None:
    with shop.db() as db:
        db.execute(update(Customer).values(role=role))


def test_in_production_staff_without_a_second_factor_set_one_up_first(strict_shop: Shop) -> None:
    ada = strict_shop.visitor()
    assert ada.sign_up().status_code == 303
    assert ada.get("/admin").status_code == 404
    appoint(strict_shop, Role.ADMINISTRATOR)
    assert ada.get("/admin").location == "/account/second-factor/new?needed=1"
    set_up(ada)
    assert ada.get("/admin").status_code == 200
    with strict_shop.db() as db:
        assert [entry.action for entry in db.scalars(select(AuditEntry))] == ["second_factor.create"]


@pytest.mark.parametrize("role", list(Role))
def test_each_role_may_do_what_those_before_it_may(role: Role) -> None:
    order = list(Role)
    assert [role.includes(least) for least in order] == [order.index(least) <= order.index(role) for least in order]


def test_an_audit_tells_who_did_what_to_what_in_its_bounds(shop: Shop, ada: Visitor) -> None:
    with shop.db() as db:
        record(db, db.scalars(select(Customer)).one(), "order.pack", "N1" * 100, address="::1", number=1)
    with shop.db() as db:
        entry = db.scalars(select(AuditEntry)).one()
        assert (entry.details, entry.actor) == ({"number": 1}, "ada@example.org")
        assert entry.subject == "N1" * 60
