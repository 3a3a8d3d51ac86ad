"""The address itself, its table of methods, who comes in, and several calls at once."""

import xmlrpc.client
from typing import Any

import pytest

from apps.mywordpress.accounts.guard import MOST_FAILURES
from apps.mywordpress.rpc.methods import METHODS, MULTICALL
from tests.mywordpress.conftest import Journal, over_both
from tests.mywordpress.rpc.conftest import Program, Programs, code_of, sent
from tests.mywordpress.saving import stored

# As WordPress has them; an editor that asks for one of these finds it.
CLIENTS_USE = {
    "system": "listMethods multicall getCapabilities",
    "demo": "sayHello addTwoNumbers",
    "pingback": "ping",
    "wp": (
        "getUsersBlogs getOptions setOptions getPost getPosts newPost editPost deletePost getPage getPages newPage "
        "editPage deletePage getPageList getPageStatusList getPageTemplates getPostTypes getPostType "
        "getPostStatusList getPostFormats getRevisions restoreRevision getTaxonomies getTaxonomy getTerms getTerm "
        "newTerm editTerm deleteTerm getCategories getTags newCategory deleteCategory suggestCategories "
        "getMediaLibrary getMediaItem uploadFile deleteFile getComments getComment getCommentCount newComment "
        "editComment deleteComment getCommentStatusList getUsers getUser getProfile editProfile getAuthors"
    ),
    "metaWeblog": "newPost editPost getPost getRecentPosts getCategories newMediaObject deletePost getUsersBlogs",
    "blogger": "getUsersBlogs getUserInfo getPost getRecentPosts newPost editPost deletePost",
    "mt": (
        "getCategoryList getRecentPostTitles getPostCategories setPostCategories supportedMethods "
        "supportedTextFilters publishPost getTrackbackPings"
    ),
}


def test_every_method_that_clients_use_is_there(ann: Program) -> None:
    wanted = {f"{family}.{name}" for family, names in CLIENTS_USE.items() for name in names.split()}
    assert set(ann.call("system.listMethods")) == wanted
    assert ann.call("mt.supportedMethods") == ann.call("system.listMethods")


def test_the_capabilities_are_those_of_wordpress(ann: Program) -> None:
    assert set(ann.call("system.getCapabilities")) == {"xmlrpc", "faults_interop", "system.multicall"}


def test_some_methods_need_no_account(ann: Program) -> None:
    assert ann.call("demo.sayHello") == "Hello!"
    assert ann.call("demo.addTwoNumbers", 2, "3") == 5
    assert ann.call("demo.addTwoNumbers", 2**31 - 1, 1) == str(2**31)
    assert ann.call("mt.supportedTextFilters") == []


def test_this_site_fetches_no_page_that_somebody_names(ann: Program) -> None:
    assert ann.fault("pingback.ping", "http://192.0.2.1/", "http://localhost/") == 33


def test_pages_lead_to_the_description_of_the_address(journal: Journal) -> None:
    page = journal.visitor().get("/").text
    assert '<link rel="EditURI" type="application/rsd+xml" title="RSD" href="/xmlrpc.php?rsd">' in page
    told = journal.visitor().get("/xmlrpc.php?rsd")
    assert told.mimetype == "application/rsd+xml"
    assert 'name="WordPress" blogID="1" preferred="true" apiLink="http://localhost/xmlrpc.php"' in told.text


def test_nobody_reads_the_address_itself(journal: Journal) -> None:
    answer = journal.visitor().get("/xmlrpc.php")
    assert (answer.status_code, answer.headers["Allow"], answer.mimetype) == (405, "POST", "text/plain")


def test_answers_are_kept_by_nobody(journal: Journal) -> None:
    body = xmlrpc.client.dumps((), "demo.sayHello")
    answer = journal.app.test_client().post("/xmlrpc.php", data=body)
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("text/xml", "no-store")
    assert "Set-Cookie" not in answer.headers


def test_no_method_does_anything_for_a_wrong_password(journal: Journal) -> None:
    journal.post()
    values: dict[str, Any] = {"username": "ann", "password": "x" * 24}
    locked = {name: method.takes for name, method in METHODS.items() if not method.is_open}
    for at, (name, takes) in enumerate(locked.items()):
        body = xmlrpc.client.dumps(tuple(values.get(one.name, 1) for one in takes), name)
        # So many wrong passwords from one place would be held up.
        status, answer = sent(journal, body, f"192.0.2.{at // 50}")
        assert (name, status, code_of(answer)) == (name, 200, 403)
    assert stored(journal).title == "A title"


def test_every_method_says_when_too_little_was_sent(journal: Journal) -> None:
    for name in (name for name, method in METHODS.items() if method.takes):
        assert (name, code_of(sent(journal, xmlrpc.client.dumps((), name))[1])) == (name, 400)


def test_a_password_opens_its_owners_account_alone(program: Programs, ann: Program) -> None:
    assert ann.call("wp.getProfile", 1, "ann@example.com", ann.password.replace(" ", ""))["username"] == "ann"
    assert ann.fault("wp.getProfile", 1, "bo", ann.password) == 403
    assert ann.fault("wp.getProfile", 1, "nobody", ann.password) == 403
    assert ann.fault("wp.getProfile", 1, "ann", "a long enough password") == 403


@pytest.mark.usefixtures("one_window")
def test_whoever_guesses_is_made_to_wait(journal: Journal, ann: Program) -> None:
    guess = xmlrpc.client.dumps((1, "ann", "x" * 24), "wp.getProfile")
    answers = [sent(journal, guess) for _ in range(MOST_FAILURES + 1)]
    assert {status for status, _ in answers[:-1]} == {200}
    assert (answers[-1][0], code_of(answers[-1][1])) == (429, 429)


@pytest.mark.usefixtures("one_window")
def test_a_call_of_many_guesses_is_one_guess(journal: Journal, ann: Program) -> None:
    calls = [("wp.getProfile", 1, "ann", "x" * 24), ("wp.getProfile", 1, "ann", ann.password)] * 50
    codes = {one["faultCode"] for one in multicall(ann, *calls)}
    assert codes == {403}
    for _ in range(MOST_FAILURES - 1):
        ann.fault("wp.getProfile", 1, "ann", "x" * 24)


def multicall(program: Program, *calls: tuple[Any, ...]) -> list[Any]:
    structs = [{"methodName": name, "params": list(params)} for name, *params in calls]
    answers: list[Any] = program.call(MULTICALL, structs)
    return answers


@over_both
def test_each_of_a_hundred_calls_stands_for_itself(journal: Journal, ann: Program) -> None:
    login = (1, ann.name, ann.password)
    good = [("wp.newPost", *login, {"post_title": f"Post {n}", "post_status": "publish"}) for n in range(60)]
    bad = [("wp.newPost", *login, {"post_title": "x" * 600})] * 20
    rest: list[tuple[Any, ...]] = [("wp.getPost", *login, 12345), ("no.such", *login), ("demo.sayHello",)] * 10
    mixed = [good[n // 5 * 3 + n % 5] if n % 5 < 3 else bad[0] for n in range(50)] + good[30:] + bad[:-10]
    answers = multicall(ann, *mixed[:70], *rest)
    assert len(answers) == 100
    codes = [one["faultCode"] for one in answers if isinstance(one, dict)]
    assert (codes.count(-32602), codes.count(404), codes.count(-32601)) == (20, 10, 10)
    assert answers.count(["Hello!"]) == 10
    assert len(ann.wp("getPosts", {"number": 500})) == 50


def test_a_multicall_holds_no_other_and_no_more_than_so_many(ann: Program) -> None:
    [inner] = multicall(ann, (MULTICALL, []))
    assert inner["faultCode"] == -32600
    assert ann.fault(MULTICALL, [{"methodName": "demo.sayHello", "params": []}] * 201) == -32602
    assert ann.fault(MULTICALL, "no array") == -32602
    answers = ann.call(MULTICALL, ["no struct", {"methodName": 3}, {"methodName": "demo.sayHello"}])
    assert [one if isinstance(one, list) else one["faultCode"] for one in answers] == [-32600, -32600, ["Hello!"]]


def test_the_standard_librarys_own_multicall_works(ann: Program) -> None:
    several = xmlrpc.client.MultiCall(ann.server)
    several.demo.sayHello()
    several.demo.addTwoNumbers(1, 2)
    answers = several()
    assert [answers[0], answers[1]] == ["Hello!", 3]
