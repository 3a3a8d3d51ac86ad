"""A site is exported as WordPress would, and what is imported again is the same."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from sqlalchemy import select

from apps.chassis.commands import run
from apps.mywordpress import SITE
from apps.mywordpress.comments.models import Comment
from apps.mywordpress.comments.rules import Said
from apps.mywordpress.media.models import Attachment
from apps.mywordpress.menus.models import Menu, MenuItem
from apps.mywordpress.options.models import Options
from apps.mywordpress.posts.columns import Format
from apps.mywordpress.posts.content import Content
from apps.mywordpress.posts.filing import PostTerm
from apps.mywordpress.posts.history import OldSlug, PostMeta
from apps.mywordpress.posts.models import Post
from apps.mywordpress.terms.models import Term
from apps.mywordpress.wxr.export import export
from tests.mywordpress.conftest import Journal, file, user
from tests.mywordpress.wxr.files import SMALL, imported

BASE = "https://new.example"
VOLATILE = re.compile(r"<(pubDate|generator)>.*?</\1>")
TABLES = (Term, Attachment, Post, PostTerm, PostMeta, OldSlug, Comment, Menu, MenuItem)


def exported(journal: Journal, only: str = "all") -> str:
    with journal.writing() as db:
        return "".join(export(db, BASE, only))


def steady(text: str) -> str:
    """An export without what differs from one to the next."""
    head, found, rest = text.partition("<item>")
    return VOLATILE.sub("", head) + found + rest


def rows(journal: Journal) -> dict[str, list[dict[str, Any]]]:
    """All rows of what an export holds; notes have numbers that nobody knows."""
    with journal.writing() as db:
        found = {
            table.__tablename__: [
                {column.name: getattr(row, key) for key, column in table.__mapper__.c.items()}
                for row in db.scalars(select(table).order_by(*table.__mapper__.primary_key))
            ]
            for table in TABLES
        }
    for note in found["post_meta"]:
        del note["id"]
    found["post_meta"].sort(key=lambda note: note["post_id"])
    return found


@contextmanager
def another(folder: Path, journal: Journal) -> Iterator[Journal]:
    """Another site, with the same people and files, and nothing else."""
    folder = folder / "second"
    folder.mkdir()
    settings = replace(
        journal.settings,
        var=folder,
        database_url=f"sqlite:///{folder}/database.sqlite3",
        storage_url=f"file://{journal.app.storage.root}",
    )
    site = Journal(settings)
    try:
        yield site
    finally:
        site.close()


@pytest.fixture
def second(tmp_path: Path, journal: Journal) -> Iterator[Journal]:
    with another(tmp_path, journal) as site:
        yield site


def taken_over(text: str, site: Journal, folder: Path) -> None:
    path = folder / "export.xml"
    path.write_text(text, "utf-8")
    imported(site, path, keep_ids=True)


def test_what_is_exported_and_imported_is_the_same(journal: Journal, second: Journal, tmp_path: Path) -> None:
    imported(journal, SMALL, keep_ids=True)
    first = exported(journal)
    taken_over(first, second, tmp_path)
    assert steady(exported(second)) == steady(first)
    assert rows(second) == rows(journal)


def test_what_was_written_here_survives_too(journal: Journal, second: Journal, tmp_path: Path) -> None:
    ann = journal.author()
    picture = ann.post("/media", accept="application/json", file=file()).get_json()
    with journal.writing() as db:
        body = f"*Ours*, with a picture:\n\n{picture['markdown']}\n\n<!--more-->\n\n1 < 2 & \x0b]]> so on"
        content = Content.of("Less < more & so", body, "In *short*")
        post = Post.draft(db, user(db), content)
        post.publish(db)
        html = Content.of("HTML", f'<img src="/media/{picture["url"][7:]}">\n\nwords', format=Format.HTML)
        Post.draft(db, user(db, "bo"), html)
        for text in ("a <b>bold</b> claim", "1 &lt; 2"):
            Comment.leave(db, post, Said(text), user=user(db, "bo"), status="approved")
    first = exported(journal)
    taken_over(first, second, tmp_path)
    assert steady(exported(second)) == steady(first)
    with second.writing() as db:
        ours = db.scalars(select(Post).where(Post.title == "Less < more & so")).one()
        assert (ours.format, ours.excerpt, ours.author.name) == ("markdown", "In *short*", "Ann")
        assert "<em>Ours</em>" in ours.html
        assert [(c.text, c.html) for c in db.scalars(select(Comment).order_by(Comment.id))] == [
            ("a <b>bold</b> claim", "<p>a &lt;b&gt;bold&lt;/b&gt; claim</p>"),
            ("1 &lt; 2", "<p>1 &amp;lt; 2</p>"),
        ]


def test_numbers_of_different_tables_never_meet_in_an_export(journal: Journal) -> None:
    imported(journal)
    tree = ElementTree.fromstring(exported(journal))  # noqa: S314  # our own
    name = "{http://wordpress.org/export/1.2/}%s"
    items = [(item.findtext(name % "post_id"), item.findtext(name % "post_type")) for item in tree.iter("item")]
    assert len({number for number, _ in items}) == len(items) == 13
    numbers = [number.text for number in tree.iter(name % "term_id")]
    assert len(set(numbers)) == len(numbers)


def test_an_export_of_one_type_holds_no_other(journal: Journal) -> None:
    imported(journal)
    pages = exported(journal, "page")
    assert pages.count("<item>") == 2
    assert "wp:category>" not in pages
    assert exported(journal, "attachment").count("<wp:attachment_url>") == 1


def test_the_title_and_whatever_xml_cannot_hold(journal: Journal) -> None:
    with journal.writing() as db:
        replace(Options.read(db), title="A & B ]]> C").store(db)
        Post.draft(db, user(db), Content("Bell \x07 rings", "Body \x00 \ud800 too"[:-6] + " too"))
    tree = ElementTree.fromstring(exported(journal))  # noqa: S314  # our own
    assert tree.findtext("channel/title") == "A & B ]]> C"
    assert tree.findtext("channel/item/title") == "Bell  rings"


def test_an_export_is_written_by_a_command(
    journal: Journal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    imported(journal)
    monkeypatch.setenv("VAR_DIR", str(journal.settings.var))
    monkeypatch.setenv("DATABASE_URL", journal.settings.database_url)
    out = tmp_path / "out.xml"
    assert run(SITE, ["export", str(out)]) == 1
    assert "PUBLIC_URL" in capsys.readouterr().err
    monkeypatch.setenv("PUBLIC_URL", BASE)
    assert run(SITE, ["export", str(out)]) == 0
    assert steady(out.read_text("utf-8")) == steady(exported(journal))
    assert out.stat().st_mode & 0o077 == 0
    assert run(SITE, ["export", str(out)]) == 1
    pages = tmp_path / "pages.xml"
    assert run(SITE, ["export", "--type", "page", str(pages)]) == 0
    assert pages.read_text("utf-8").count("<item>") == 2
    assert [run(SITE, ["export", *wrong]) for wrong in ([], ["--type", "film", "x"], ["--all"])] == [1, 1, 1]


def test_many_posts_are_written_without_holding_them_all(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.mywordpress.wxr.export.items.AT_ONCE", 2)
    imported(journal)
    with journal.writing() as db:
        counted: list[int] = []
        for text in export(db, BASE):
            if text.startswith("<item>"):
                counted.append(len(db.identity_map))
        assert len(counted) == 13
        assert max(counted) < 30
