"""Writing, saving, publishing, and two people at one post."""

import threading

import pytest
from sqlalchemy import select

from apps.mywordpress.media.models import Attachment
from apps.mywordpress.options.models import Options
from apps.mywordpress.posts.columns import Kind
from apps.mywordpress.posts.models import Content, EditConflict, Post, SlugTaken
from tests.mywordpress.conftest import Journal, file, notice, over_both, user
from tests.support.drawings import bomb


def stored(journal: Journal, post: Post) -> Post:
    with journal.writing() as db:
        found = db.get(Post, post.id)
        assert found is not None
        return found  # type: ignore[no-any-return]


@over_both
def test_a_draft_is_written_and_published(journal: Journal) -> None:
    ann = journal.author()
    answer = ann.post("/posts", title="On  *ink*", body="# Well\n\nIt is **black**.")
    assert answer.location == "/posts/1/edit?done=saved"
    assert journal.visitor().get("/").text.count("On *ink*") == 0
    published = ann.post("/posts/1/publication")
    page = journal.visitor().get(published.location or "")
    assert "<h2>Well</h2>\n<p>It is <strong>black</strong>.</p>" in page.text
    assert "On *ink*" in journal.visitor().get("/").text


def test_saving_and_publishing_may_be_one_step(journal: Journal) -> None:
    answer = journal.author().post("/posts", title="At once", body="x", publish="1")
    assert journal.visitor().get(answer.location or "").status_code == 200


@over_both
def test_the_address_is_month_and_name_and_stays_when_published_again(journal: Journal) -> None:
    post = journal.post("한글 제목")
    assert post.published_at is not None
    assert post.path == f"/{post.published_at:%Y/%m}/한글-제목/"
    ann = journal.author()
    ann.post(f"/posts/{post.id}/publication/deletion")
    assert journal.visitor().get(post.path).status_code == 404
    ann.post(f"/posts/{post.id}/publication")
    assert stored(journal, post).path == post.path
    assert journal.visitor().get(post.path).status_code == 200


@over_both
def test_the_same_title_gets_the_next_free_address(journal: Journal) -> None:
    assert [journal.post("Same").slug for _ in range(3)] == ["same", "same-2", "same-3"]


def test_any_number_of_posts_may_have_one_title(journal: Journal) -> None:
    journal.post("Photo 200 of 300")
    # Of a title without a letter nothing is left that an address could be made of.
    assert [journal.post("🌊", published=False).slug for _ in range(60)][-1] == "post-60"
    assert [journal.post("Photo", published=False).slug for _ in range(60)][-1] == "photo-60"


@over_both
def test_addresses_that_differ_in_an_accent_are_two(journal: Journal) -> None:
    assert [journal.post(title).slug for title in ("resume", "résumé")] == ["resume", "résumé"]


@over_both
def test_an_address_that_is_taken_is_refused(journal: Journal) -> None:
    journal.post("First")
    second = journal.post("Second")
    form = {"title": "Second", "body": "new words", "slug": "first", "version": "1"}
    answer = journal.author().post(f"/posts/{second.id}", **form)
    assert (answer.status_code, "has this address already" in notice(answer)) == (422, True)
    assert "new words" in answer.text
    assert (stored(journal, second).body, stored(journal, second).version) == ("Some words.", 1)


@over_both
def test_what_somebody_else_saved_meanwhile_is_never_overwritten(journal: Journal) -> None:
    post = journal.post("Shared", "The first state.")
    ann, ada = journal.author(), journal.author("ada@example.com")
    assert ada.post(f"/posts/{post.id}", title="Shared", body="Ada's words.", version="1").status_code == 303
    answer = ann.post(f"/posts/{post.id}", title="Shared", body="Ann's words.", version="1")
    assert answer.status_code == 409
    assert "Ada&#39;s words." in answer.text
    assert "What yours says otherwise" in answer.text
    # By name: what is on the right on a desk is below on a phone, and nowhere for whoever hears the page.
    assert "under “Yours”" in answer.text
    assert '<h2 id="yours">Yours</h2>' in answer.text
    assert "Ann&#39;s words." in answer.text
    assert stored(journal, post).body == "Ada's words."
    assert ann.post(f"/posts/{post.id}", title="Shared", body="Both.", version="2").status_code == 303
    assert (stored(journal, post).body, stored(journal, post).version) == ("Both.", 3)


@over_both
def test_of_many_who_save_at_once_one_wins_and_all_others_are_told(journal: Journal) -> None:
    post = journal.post("Contended")
    outcomes: list[str] = []
    start = threading.Barrier(6)

    def save(words: str) -> None:
        start.wait()
        try:
            with journal.writing() as db:
                mine = db.get_one(Post, post.id)
                mine.revise(db, Content.of("Contended", words), 1, user(db))
            outcomes.append(words)
        except EditConflict as conflict:
            outcomes.append(f"told of version {conflict.current.version}")

    threads = [threading.Thread(target=save, args=(f"words {i}",)) for i in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    winners = [outcome for outcome in outcomes if outcome.startswith("words")]
    assert len(winners) == 1
    assert outcomes.count("told of version 2") == 5
    assert stored(journal, post).body == winners[0]


def test_a_revision_of_a_published_post_is_seen_at_once(journal: Journal) -> None:
    post = journal.post("News", "Old words.")
    guest = journal.visitor()
    assert "Old words." in guest.get(post.path).text
    journal.author().post(f"/posts/{post.id}", title="Newer", body="New words.", version="1")
    assert "New words." in guest.get(post.path).text
    assert "Newer" in guest.get("/").text


def test_another_authors_post_may_be_changed_by_administrators_only(journal: Journal) -> None:
    post = journal.post()
    bo, ada = journal.author("bo@example.com"), journal.author("ada@example.com")
    form = {"title": "Mine now", "body": "x", "version": "1"}
    assert bo.get(f"/posts/{post.id}/edit").status_code == 403
    for path in ("", "/publication", "/publication/deletion", "/deletion"):
        assert bo.post(f"/posts/{post.id}{path}", **form).status_code == 403
    assert post.title not in bo.get("/posts").text
    assert ada.post(f"/posts/{post.id}", **form).status_code == 303


def test_a_guest_may_change_nothing(journal: Journal) -> None:
    post, guest = journal.post(published=False), journal.visitor()
    for path in ("/posts", "/posts/1", "/posts/1/publication", "/posts/1/deletion", "/posts/preview", "/media"):
        assert guest.post(path, title="x", body="y", version="1").status_code == 401
    assert guest.get("/posts/1").status_code == 303
    assert stored(journal, post).version == 1


@pytest.mark.parametrize("path", ["/posts/{}/deletion", "/comments/{}/replies", "/media/{}"])
def test_a_number_beyond_all_databases_finds_nothing(journal: Journal, path: str) -> None:
    ann = journal.author()
    # Where the same address may be read as well, it is the method that is told to be wrong.
    assert ann.post(path.format(10**30)).status_code in (404, 405)
    assert ann.get(f"/posts/{10**30}/edit").status_code == 404


@pytest.mark.parametrize("path", ["/posts", "/comments", "/media"])
def test_a_page_before_a_number_beyond_all_databases_is_the_first(journal: Journal, path: str) -> None:
    ann = journal.author()
    for before in (10**30, -(10**30)):
        assert ann.get(f"{path}?before={before}").status_code == 200


def test_a_version_beyond_all_databases_is_refused(journal: Journal) -> None:
    post = journal.post()
    answer = journal.author().post(f"/posts/{post.id}", title="A title", body="", version=str(10**30))
    assert answer.status_code == 422


def test_a_guest_may_name_any_post(journal: Journal) -> None:
    assert journal.visitor().post(f"/posts/{10**30}/comments", text="Hello").status_code == 404


@over_both
def test_a_deleted_post_takes_its_comments_along(journal: Journal) -> None:
    post = journal.post()
    ann = journal.author()
    ann.post(f"/posts/{post.id}/comments", text="Mine")
    assert ann.post(f"/posts/{post.id}/deletion").status_code == 303
    assert journal.visitor().get(post.path).status_code == 404
    assert ann.get(f"/posts/{post.id}/edit").status_code == 404


def test_nothing_of_a_deleted_page_comes_to_the_next_one(journal: Journal) -> None:
    ada = journal.author("ada@example.com")
    sent = ada.post("/media", accept="application/json", file=file())
    with journal.writing() as db:
        first = Post.draft(db, user(db), Content.of("First", "x"), Kind.PAGE)
        db.get_one(Attachment, (sent.json or {})["id"]).post_id = first.id
        Options(front_page_id=first.id, posts_page_id=first.id).store(db)
    ada.post(f"/posts/{first.id}/deletion")
    with journal.writing() as db:
        assert db.scalars(select(Attachment.post_id)).all() == [None]
        assert (Options.read(db).front_page_id, Options.read(db).posts_page_id) == (None, None)


def test_a_draft_is_shown_to_its_author_alone(journal: Journal) -> None:
    journal.post("Secret", "Not yet.", published=False)
    assert "Not yet." in journal.author().get("/posts/1").text
    assert journal.author("bo@example.com").get("/posts/1").status_code == 403


def test_a_preview_shows_and_stores_nothing(journal: Journal) -> None:
    answer = journal.author().post("/posts/preview", title="Maybe", body="*So* <script>x</script>")
    assert "<em>So</em>" in answer.text
    assert "<script>x" not in answer.text
    assert "Maybe" not in journal.author().get("/posts").text


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"title": ""}, "needs a title"),
        ({"title": "t" * 501}, "500"),
        ({"body": "b" * 200_001}, "200000"),
        ({"slug": "s" * 201}, "200"),
        ({"excerpt": "e" * 601}, "600"),
    ],
)
def test_a_malformed_post_is_refused_with_all_that_was_typed(
    journal: Journal, wrong: dict[str, str], reason: str
) -> None:
    form = {"title": "Fine", "body": "These words stay.", "slug": "", "excerpt": ""} | wrong
    answer = journal.author().post("/posts", **form)
    assert answer.status_code == 422
    assert reason in notice(answer)
    assert form["body"][:17] in answer.text


@over_both
def test_a_picture_sent_along_is_put_at_the_end(journal: Journal) -> None:
    ann = journal.author()
    ann.post("/posts", title="With picture", body="Words.", alt="A [grey] field", file=file())
    with journal.writing() as db:
        post, picture = db.get_one(Post, 1), db.get_one(Attachment, 1)
        assert post.body == f"Words.\n\n![A (grey) field](/media/{picture.key})\n"
        assert post.first_picture_id == picture.id
    page = ann.get("/posts/1")
    assert f'<img src="/media/{picture.key}" alt="A (grey) field" width="1500" height="1000">' in page.text


@pytest.mark.parametrize(
    ("data", "status", "reason"),
    [(b"no picture", 415, "not a JPEG"), (b"<svg/>", 415, "SVG"), (bomb(), 422, "megapixels")],
)
def test_a_refused_picture_loses_no_words(journal: Journal, data: bytes, status: int, reason: str) -> None:
    journal.post("Old", "Old words.")
    ann = journal.author()
    form = {"title": "A title", "body": "Words I typed.", "version": "1"}
    for path in ("/posts", "/posts/1"):
        answer = ann.post(path, **form, file=file(data, "x.jpg"))
        assert (answer.status_code, reason in notice(answer)) == (status, True)
        assert "Words I typed." in answer.text
    with journal.writing() as db:
        assert [post.body for post in db.query(Post)] == ["Old words."]


def test_no_post_finds_no_address_for_ever(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.mywordpress.posts.addresses.SLUG_ATTEMPTS", 1)
    journal.post("Taken")
    with pytest.raises(SlugTaken), journal.writing() as db:
        Post.draft(db, user(db), Content.of("Taken", ""))


def test_a_session_that_ended_does_not_cost_a_text(journal: Journal) -> None:
    post = journal.post()
    ann = journal.author()
    for path in ("/posts", f"/posts/{post.id}"):
        ann.client.delete_cookie("mywordpress-session")
        answer = ann.post(path, title="Kept", body="Every <word> of it", version="1")
        assert answer.status_code == 401
        assert "Every &lt;word&gt; of it" in answer.text
        assert f'action="{path}"' in answer.text
        ann.sign_in()
        assert ann.post(path, title="Kept", body="Every <word> of it", version="1").status_code == 303


def test_return_in_the_title_saves_and_does_not_publish(journal: Journal) -> None:
    page = journal.author().get("/posts/new").text
    # A browser presses the form's first button.
    assert page.index(">Save draft<") < page.index(">Publish<")


@pytest.mark.parametrize("mark", ["[", "\"'", "![", "*_", "`"])
def test_a_text_that_would_keep_a_process_busy_is_refused(journal: Journal, mark: str) -> None:
    ann = journal.author()
    for path in ("/posts", "/posts/preview"):
        answer = ann.post(path, title="Heavy", body=mark * 6_000)
        assert answer.status_code == 422
        assert "at most 5,000" in answer.text


def test_a_title_of_spaces_is_no_title(journal: Journal) -> None:
    assert journal.author().post("/posts", title=" \t ", body="x").status_code == 422
