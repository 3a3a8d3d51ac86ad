"""Markdown into safe HTML, and titles into addresses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.mywordpress.posts.rendering import clean_text, picture_keys, render
from apps.mywordpress.posts.slugs import LONGEST_SLUG, numbered, slug_of

KEY = f"ab/cd/abcd{'0' * 60}.jpg"


class Shown:
    width, height, src, srcset = 1600, 1000, f"/media/{KEY}", f"/media/{KEY} 600w"


def html(text: str) -> str:
    return render(text, {}).html


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        '<img src="https://evil.example/x.png" srcset="//evil.example/x.png 2x" alt="x">',
        "<img src=x onerror=alert(1)>",
        '<a href="javascript:alert(1)">x</a>',
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt&colon;alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        '<p style="position:fixed">x</p>',
        "<style>body{display:none}</style>",
        '<iframe src="https://evil.example"></iframe>',
        "<svg onload=alert(1)></svg>",
        '<form action="https://evil.example"><input name=password></form>',
        '<math><mtext><table><mglyph><style><img src=x onerror="alert(1)">',
        '![x"onerror="alert(1)](/media/x)',
        f'![a](/media/{KEY} "<img src=x onerror=alert(1)>")',
        "<object data=x></object><embed src=x><base href=//evil.example><link rel=stylesheet href=//evil.example>",
    ],
)
def test_nothing_active_survives(attack: str) -> None:
    found = render(attack, {KEY: Shown()}).html.lower()
    tags = [part.partition(">")[0] for part in found.split("<")[1:]]
    forbidden = ("script", "style", "iframe", "svg", "form", "input", "object", "embed", "base", "link", "math")
    assert not [tag for tag in tags if tag.split()[0].strip("/") in forbidden]
    assert not [tag for tag in tags for word in (" on", "javascript", "data:", "style=", "evil") if word in tag]


def test_ids_and_classes_do_not_survive() -> None:
    assert html('<p id="main" class="notice" data-editor>x</p>') == "<p>x</p>"


def test_a_picture_from_elsewhere_becomes_a_link() -> None:
    found = html("![A cat](https://elsewhere.example/cat.png)")
    assert "<img" not in found
    assert '<a href="https://elsewhere.example/cat.png" rel="noopener">A cat</a>' in found


def test_a_picture_by_itself_is_a_figure_with_its_title_as_caption() -> None:
    found = render(f'![A "cat"](/media/{KEY} "Tom & Jerry")', {KEY: Shown()}).html
    assert found.startswith(
        f'<figure><img src="/media/{KEY}" alt="A &quot;cat&quot;" width="1600" height="1000" srcset='
    )
    assert "<figcaption>Tom &amp; Jerry</figcaption></figure>" in found


def test_a_picture_in_a_sentence_stays_there() -> None:
    assert html(f"see ![this](/media/{KEY}) here").startswith('<p>see <img src="/media/ab/')


def test_only_the_first_picture_is_loaded_at_once() -> None:
    found = html(f"![a](/media/{KEY})\n\n![b](/media/{KEY})\n\n![c](/media/{KEY})")
    assert found.count("<img") == 3
    assert found.count('loading="lazy"') == 2


def test_the_pages_title_stays_its_only_first_heading() -> None:
    assert html("# One\n\n## Two") == "<h2>One</h2>\n<h2>Two</h2>\n"


def test_tables_quotes_and_struck_words_work() -> None:
    found = html('| a |\n|---|\n| b |\n\n~~no~~ "yes"')
    assert "<td>b</td>" in found
    assert "<s>no</s> “yes”" in found


def test_a_summary_is_the_beginning_without_captions() -> None:
    found = render(f'![a](/media/{KEY} "Caption")\n\nFirst **words**, then\nmore.\n\n- item', {KEY: Shown()})
    assert found.summary == "First words, then more. item"
    assert render("word " * 200, {}).summary.endswith("word …")
    assert len(render("word " * 200, {}).summary) < 270


def test_reading_takes_at_least_a_minute() -> None:
    assert [render("word " * n, {}).minutes for n in (0, 1, 230, 920)] == [1, 1, 1, 4]


def test_keys_are_found_once_each_in_their_order() -> None:
    other = KEY.replace("abcd0", "abcd1")
    text = f"![](/media/{other}) ![](/media/{KEY}) ![](/media/{other}) /media/../../etc/passwd"
    assert picture_keys(text) == [other, KEY]


def test_what_no_feed_can_carry_is_left_out() -> None:
    assert clean_text("a\x00b\x0cc\r\nd\ufffee\x1b") == "abc\nde"


@given(st.text(max_size=300))
def test_any_text_at_all_can_be_rendered(text: str) -> None:
    assert "<script" not in render(clean_text(text), {}).html


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Don't Panic: it’s <b>fine</b>!", "dont-panic-its-b-fine-b"),
        ("시간대를 고치는 법", "시간대를-고치는-법"),
        ("한글", "한글"),
        ("हिन्दी लेख", "हिन्दी-लेख"),
        ("../../etc/passwd", "etc-passwd"),
        ("snake_case  and\tspace", "snake_case-and-space"),
        ("!!!", "post"),
        ("", "post"),
    ],
)
def test_a_slug_keeps_the_letters_of_every_script(title: str, slug: str) -> None:
    assert slug_of(title) == slug


@given(st.text(max_size=300))
def test_a_slug_is_bounded_stable_and_one_part_of_a_path(title: str) -> None:
    slug = slug_of(title)
    assert 0 < len(slug) <= LONGEST_SLUG
    assert not set(slug) & set("/?#%\\ .")
    assert len(numbered(slug, 12345)) <= LONGEST_SLUG


def test_a_long_title_is_cut_between_words() -> None:
    assert slug_of("abcdefghi " * 30) == "-".join(["abcdefghi"] * 20)
    assert len(slug_of("가" * 300)) == LONGEST_SLUG


def test_code_can_be_scrolled_by_keyboard() -> None:
    assert '<pre tabindex="0">' in render("    a long line", {}).html


@pytest.mark.parametrize("written", ['[gallery ids="1"]', "before\n\n[gallery]\n\nafter"])
def test_a_shortcode_is_done_where_it_has_a_paragraph_for_itself(written: str) -> None:
    assert "<b>made</b>" in render(written, {}, lambda text: "<b>made</b>").html


@pytest.mark.parametrize(
    "written",
    ["a [gallery] b", "- [gallery]", "> [gallery]", "    [gallery]", "`[gallery]`", "[galleries]", "[gallery](/x)"],
)
def test_a_shortcode_elsewhere_is_text(written: str) -> None:
    assert "made" not in render(written, {}, lambda text: "<b>made</b>").html


def test_a_shortcode_that_nobody_does_is_text_and_harmless() -> None:
    assert html('[gallery x="<script>"]').count("<script") == 0
