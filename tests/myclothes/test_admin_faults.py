"""An administrator may have an instance fail for a lesson; nobody else, and nowhere else."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from apps.chassis.faults import Fault
from apps.myclothes.accounts.models import Role
from tests.myclothes.shop import Shop, Visitor
from tests.myclothes.test_admin import appoint, audited


@pytest.fixture
def lesson(tmp_path: Path) -> Iterator[Shop]:
    shop = Shop(tmp_path, {"FAULTS": "1"})
    yield shop
    shop.close()


@pytest.fixture
def teacher(lesson: Shop) -> Visitor:
    visitor = lesson.visitor()
    visitor.sign_up()
    return appoint(lesson, visitor, Role.ADMINISTRATOR)


def test_a_fault_begins_is_told_and_ends(lesson: Shop, teacher: Visitor) -> None:
    assert teacher.post("/admin/faults", {"fault": "fail", "seconds": 60}).status_code == 303
    assert teacher.get("/").status_code == 500
    assert teacher.get("/health/live").status_code == 200
    assert "On for" in teacher.get("/admin/faults").text
    assert teacher.post("/admin/faults/end").status_code == 303
    assert teacher.get("/").status_code == 200
    instance = lesson.app.identity.instance_id
    assert audited(lesson) == [("fault.begin", "fail"), ("fault.end", instance)]


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"fault": "slow", "seconds": 121, "amount": 1}, "Two minutes are the most."),
        ({"fault": "memory", "seconds": 1, "amount": 100_000}, "That is too much."),
        ({"fault": "slow", "seconds": "x"}, 'aria-invalid="true"'),
        ({"fault": "burn", "seconds": 1}, "Begin"),
    ],
)
def test_what_is_too_much_is_refused(lesson: Shop, teacher: Visitor, sent: dict[str, object], told: str) -> None:
    answer = teacher.post("/admin/faults", sent)
    assert answer.status_code == 422
    assert told in answer.text
    assert lesson.app.faults is not None
    assert not any(lesson.app.faults.remaining(fault) for fault in Fault)


def test_only_an_administrator_may(lesson: Shop, teacher: Visitor) -> None:
    appoint(lesson, teacher, Role.MANAGER)
    assert teacher.get("/admin/faults").status_code == 404
    assert teacher.post("/admin/faults", {"fault": "fail", "seconds": 60}).status_code == 404


def test_there_is_no_such_page_without_the_setting(shop: Shop, ada: Visitor) -> None:
    appoint(shop, ada, Role.ADMINISTRATOR)
    assert ada.get("/admin/faults").status_code == 404
    assert "/admin/faults" not in ada.get("/admin").text
