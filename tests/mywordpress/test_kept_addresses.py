"""Which addresses lead to one kept page, and which to pages of their own."""

from tests.mywordpress.conftest import Journal
from tests.mywordpress.test_kept import Records, asked, hear
from tests.mywordpress.test_kept import records as records


def test_links_with_marks_of_their_senders_lead_to_the_same_page(journal: Journal, records: Records) -> None:
    hear(journal.app)
    for path in ("/", "/?utm_source=x", "/?fbclid=y&utm_medium=z", "/?anything=1&%75nknown", "/?&x"):
        asked(journal.app, path)
    assert [record.cache for record in records] == ["miss", "hit", "hit", "hit", "hit"]


def test_a_page_that_was_asked_for_with_an_unknown_name_does_not_repeat_it(journal: Journal) -> None:
    hear(journal.app)
    assert "secret" not in asked(journal.app, "/?unknown=secret").text


def test_names_that_a_page_knows_lead_to_pages_of_their_own(journal: Journal, records: Records) -> None:
    post = journal.post("Tides")
    hear(journal.app)
    known = ("/search?q=tides", "/search?q=x&page=1", "/?lang=ko", f"{post.path}?cpage=1", f"{post.path}?done=held")
    for path in known:
        assert asked(journal.app, path).status_code == 200
    assert asked(journal.app, f"/?p={post.id}").location == post.path
    assert asked(journal.app, "/?s=tides").location == "/search?q=tides"
    assert {record.cache for record in records} == {"miss"}
