"""Revisions and autosaves by the API."""

from typing import Any

from tests.mywordpress.api.conftest import Program, code
from tests.mywordpress.conftest import Journal, over_both


def test_revisions_are_read_and_deleted(journal: Journal, ann: Program) -> None:
    post = journal.post("One", "*first*")
    ann.put(f"/posts/{post.id}", title="Two", content="*second*")
    path = f"/posts/{post.id}/revisions"
    newest, oldest = ann.shown(path)
    assert (newest["parent"], newest["author"], oldest["title"]) == (post.id, 1, {"rendered": "One"})
    assert oldest["content"] == {"rendered": "<p><em>first</em></p>\n"}
    assert ann.shown(f"{path}/{oldest['id']}?context=edit")["content"]["raw"] == "*first*"
    assert [one["id"] for one in ann.shown(f"{path}?per_page=1&page=2")] == [oldest["id"]]
    assert [one["id"] for one in ann.shown(f"{path}?search=first")] == [oldest["id"]]
    assert [one["id"] for one in ann.shown(f"{path}?order=asc&exclude={newest['id']}")] == [oldest["id"]]
    assert code(ann.get(f"{path}?page=9")) == (400, "rest_revision_invalid_page_number")
    assert code(ann.delete(f"{path}/{oldest['id']}")) == (501, "rest_trash_not_supported")
    assert ann.delete(f"{path}/{oldest['id']}?force=true").json["previous"]["title"]["raw"] == "One"
    assert code(ann.get(f"{path}/{oldest['id']}")) == (404, "rest_post_invalid_id")


def test_the_past_is_for_who_may_change_the_post(
    journal: Journal, stranger: Program, ann: Program, programs: Any
) -> None:
    post, other = journal.post(), journal.post()
    assert code(stranger.get(f"/posts/{post.id}/revisions")) == (401, "rest_cannot_read")
    assert code(stranger.get(f"/posts/{post.id}/autosaves")) == (401, "rest_cannot_read")
    assert code(stranger.post(f"/posts/{post.id}/autosaves", title="x")) == (401, "rest_cannot_edit")
    assert code(stranger.delete(f"/posts/{post.id}/revisions/1?force=1")) == (401, "rest_cannot_delete")
    for nothing in ("revisions", "autosaves", "revisions/1", "autosaves/1"):
        assert code(ann.get(f"/posts/0/{nothing}")) == (404, "rest_post_invalid_parent")
    assert code(ann.get("/posts/999/revisions")) == (404, "rest_post_invalid_parent")
    assert code(ann.get(f"/pages/{post.id}/revisions")) == (404, "rest_post_invalid_parent")
    of_other = ann.shown(f"/posts/{other.id}/revisions")[0]["id"]
    assert code(ann.get(f"/posts/{post.id}/revisions/{of_other}")) == (404, "rest_revision_parent_id_mismatch")


@over_both
def test_what_is_not_saved_is_kept_beside_a_published_post(journal: Journal, ann: Program, ada: Program) -> None:
    post = journal.post("Saved", "*saved*")
    path = f"/posts/{post.id}/autosaves"
    for title in ("Half", "Half of it"):
        kept = ann.post(path, title=title, content="*half*")
        assert kept.status_code == 200
    ada.post(path, title="Another's")
    shown = ann.shown(path)
    assert [one["title"]["rendered"] for one in shown] == ["Half of it", "Another&#x27;s"] or len(shown) == 2
    assert ann.shown(f"{path}/{shown[0]['id']}?context=edit")["content"]["raw"] == "*half*"
    assert ann.shown(f"/posts/{post.id}")["title"]["rendered"] == "Saved"
    assert code(ann.get(f"{path}/999")) == (404, "rest_post_no_autosave")


def test_an_authors_own_draft_is_saved_at_once(journal: Journal, ann: Program) -> None:
    draft = journal.post("Before", published=False)
    ann.post(f"/posts/{draft.id}/autosaves", title="After")
    assert ann.shown(f"/posts/{draft.id}")["title"]["rendered"] == "After"
    assert ann.shown(f"/posts/{draft.id}/autosaves") == []
