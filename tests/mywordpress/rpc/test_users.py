"""Users, one's own profile, and the decisions of the site."""

from typing import Any

from apps.mywordpress.accounts.roles import Role
from apps.mywordpress.options.models import Options
from tests.mywordpress.conftest import Journal
from tests.mywordpress.people import known
from tests.mywordpress.rpc.conftest import Program, Programs


def decided(journal: Journal) -> Options:
    with journal.writing() as db:
        return Options.read(db)


def test_a_profile_is_read_and_changed(journal: Journal, ann: Program) -> None:
    told = ann.wp("getProfile")
    assert (told["user_id"], told["username"], told["email"]) == ("1", "ann", "ann@example.com")
    assert told["roles"] == ["author"]
    changed = {"first_name": "Ann", "last_name": "Lee", "url": "https://example.com/", "bio": "Writes.\nReads."}
    assert ann.wp("editProfile", {**changed, "display_name": "Ann Lee", "nicename": "ann-lee"}) is True
    told = ann.call("wp.getProfile", 1, "ann-lee", ann.password)
    assert {name: told[name] for name in changed} == changed
    assert (told["display_name"], told["nicename"]) == ("Ann Lee", "ann-lee")
    assert ann.call("wp.getProfile", 1, "ann-lee", ann.password, ["bio"]) == {"user_id": "1", "bio": "Writes.\nReads."}


def test_a_profile_that_cannot_be_is_refused(journal: Journal, ann: Program) -> None:
    refused: list[tuple[dict[str, Any], int]] = [
        ({"first_name": "x" * 81}, -32602),
        ({"bio": "x" * 2001}, -32602),
        ({"url": "javascript:alert(1)"}, -32602),
        ({"display_name": " "}, -32602),
        ({"nicename": "bo"}, 500),
        ({"first_name": ["an", "array"]}, -32602),
    ]
    for content, code in refused:
        assert ann.wp_fault("editProfile", {"last_name": "Changed", **content}) == code
    assert known(journal, "ann").last_name == ""
    assert ann.wp("editProfile", {"email": "other@example.com", "roles": ["administrator"], "password": "x"}) is True
    assert (known(journal, "ann").email, known(journal, "ann").role) == ("ann@example.com", "author")


def test_who_may_look_at_others(ann: Program, ada: Program, program: Programs) -> None:
    sue = program("sue", Role.SUBSCRIBER)
    assert [user["username"] for user in ada.wp("getUsers")] == ["ada", "ann", "bo", "sue"]
    assert [user["username"] for user in ada.wp("getUsers", {"role": "author", "number": 1})] == ["ann"]
    assert [user["username"] for user in ada.wp("getUsers", {"who": "authors", "order": "DESC"})] == [
        "bo",
        "ann",
        "ada",
    ]
    assert set(ada.wp("getUsers", {}, ["basic"])[0]) == {
        *("user_id", "username", "email", "registered", "display_name", "nicename"),
    }
    assert ada.wp_fault("getUsers", {"role": "king"}) == 403
    assert ann.wp_fault("getUsers") == 401
    assert ada.wp("getUser", 1)["email"] == "ann@example.com"
    assert ann.wp("getUser", 1)["email"] == "ann@example.com"
    assert ann.wp_fault("getUser", 2) == 401
    assert ada.wp_fault("getUser", 99) == 404
    assert [one["display_name"] for one in ann.wp("getAuthors")] == ["Ada", "Ann", "Bo"]
    assert sue.wp_fault("getAuthors") == 401


def test_options_are_told_and_readonly_for_whoever_does_not_decide(ann: Program, ada: Program) -> None:
    told = ann.wp("getOptions", ["blog_title", "software_version", "nonsense"])
    assert set(told) == {"blog_title", "software_version"}
    assert told["blog_title"] == {"desc": "Site Title", "readonly": True, "value": "MyWordPress"}
    everything = ada.wp("getOptions")
    assert everything["blog_title"]["readonly"] is False
    assert everything["blog_url"] == {"desc": "WordPress Address (URL)", "readonly": True, "value": "http://localhost"}
    assert ann.wp_fault("setOptions", {"blog_title": "Mine"}) == 403


def test_options_are_decided(journal: Journal, ada: Program) -> None:
    told = ada.wp("setOptions", {"blog_title": "A title", "blog_tagline": "Words", "time_zone": "9", "template": "x"})
    assert [one["value"] for one in told.values()] == ["A title", "Words", "9", "journal"]
    assert decided(journal).timezone == "Etc/GMT-9"
    assert "A title" in journal.visitor().get("/").text
    ada.wp("setOptions", {"time_zone": "Asia/Seoul", "users_can_register": True, "default_comment_status": "closed"})
    after = decided(journal)
    assert (after.timezone, after.registration_open, after.comments_open) == ("Asia/Seoul", True, False)


def test_options_that_cannot_be_are_refused(journal: Journal, ada: Program) -> None:
    for sent in ({"time_zone": "Mars/Base"}, {"time_zone": "5.5"}, {"time_zone": "nan"}, {"blog_title": "x" * 201}):
        assert ada.wp_fault("setOptions", {"blog_tagline": "Changed", **sent}) == -32602
    assert decided(journal).tagline != "Changed"
