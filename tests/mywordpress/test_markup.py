"""HTML of others: shown as WordPress shows it, made safe, and what of it is lost is told."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.mywordpress.media.models import Attachment, Rendition
from apps.mywordpress.posts.markup import Library, gallery_ids, render_html

KEY = f"ab/cd/abcd{'0' * 60}.jpg"
SRC = f"/media/{KEY}"
LONGEST = 200_000


HILL = Attachment(id=7, key=KEY, width=1600, height=1000, alt="A hill", caption="At noon", source_url="")
HILL.renditions = [Rendition(key=KEY, width=600, height=375)]
SEA = Attachment(id=8, key="", width=0, height=0, alt="", source_url="https://old.example/sea.jpg")
LIBRARY = Library({KEY: HILL}, {7: HILL, 8: SEA}, (7,))


def html(body: str) -> str:
    return render_html(body, LIBRARY)[0].html.replace("\n", "")


def lost(body: str) -> list[tuple[str, int]]:
    return [(loss.text % {"what": loss.what}, loss.times) for loss in render_html(body, LIBRARY)[1]]


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("one\ntwo\n\nthree", "<p>one<br>two</p><p>three</p>"),
        ("one<br />\ntwo<br><br>three", "<p>one<br>two</p><p>three</p>"),
        ("<b>bold\n\nstill</b> not", "<p><b>bold</b></p><p><b>still</b> not</p>"),
        ("a <b>b</b> <i>c</i>", "<p>a <b>b</b> <i>c</i></p>"),
        ("before\n<div>in</div>\nafter", "<p>before</p><div>in</div><p>after</p>"),
        ("<blockquote>one\n\ntwo</blockquote>", "<blockquote><p>one</p><p>two</p></blockquote>"),
        ("<ul>\n\n<li>a</li>\n\n<li>b</li>\n</ul>", "<ul><li>a</li><li>b</li></ul>"),
        ("<div>one\ntwo\n\nthree</div>", "<div>one<br>two<p>three</p></div>"),
        ("<p>one\n\ntwo</p><p></p>", "<p>one</p><p>two</p>"),
        ("<h1>Top</h1>words", "<h2>Top</h2><p>words</p>"),
        ("a<!-- a note --> b", "<p>a b</p>"),
        ("1 < 2 & <3", "<p>1 &lt; 2 &amp; &lt;3</p>"),
    ],
)
def test_empty_lines_make_paragraphs_but_not_of_blocks(body: str, shown: str) -> None:
    assert html(body) == shown


def test_what_is_preformatted_keeps_its_lines() -> None:
    body = "<pre>a\n\n  b <b>c</b>\n[gallery]\nhttps://x.example</pre>"
    assert render_html(body, LIBRARY)[0].html.strip() == body.replace("<pre>", '<pre tabindex="0">')


def test_blocks_of_the_editor_are_taken_as_they_are_and_what_is_around_them_is_not() -> None:
    body = (
        '<!-- wp:group {"a":1} -->\n<div class="wp-block-group"><!-- wp:paragraph -->\n<p>one\ntwo</p>\n'
        "<!-- /wp:paragraph --></div>\n<!-- /wp:group -->\n\nold\nwords\n\n<!-- wp:latest-posts /-->"
    )
    assert html(body) == '<div class="wp-block-group"><p>onetwo</p></div><p>old<br>words</p>'
    assert lost(body) == [("The block latest-posts is made by WordPress itself and was left out.", 1)]


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("<ul>x<li>a<li>b", "<ul><li>x</li><li>a</li><li>b</li></ul>"),
        ("<li>a</li>", "<ul><li>a</li></ul>"),
        ("<p>a<div>b</div>c", "<p>a</p><div>b</div><p>c</p>"),
        ("<h2>a<p>b</p></h2>", "<h2>a b</h2>"),
        ("<div></section></div></p></b>a", "<div></div><p>a</p>"),
        ("<td>a</td>", "<p>a</p>"),
        ("<table>a<td>b<table><td>c</table></table>", "ab/c"),
        ('<a href="/x"><h2>a</h2></a>', '<h2><a href="/x" rel="noopener">a</a></h2>'),
        ('<a href="/x">a<a href="/y">b', '<p><a href="/x" rel="noopener">a</a><a href="/y" rel="noopener">b</a></p>'),
        ('<a name="x">a</a>', "<p>a</p>"),
        ("<div><b>a</div>b", "<div><b>a</b></div><p>b</p>"),
        ("<section><center>a</center></section>", "<div><div>a</div></div>"),
    ],
)
def test_everything_ends_and_stands_where_it_may(body: str, shown: str) -> None:
    if shown == "ab/c":
        inner = '<table tabindex="0"><tbody><tr><td>c</td></tr></tbody></table>'
        shown = f'<table tabindex="0"><tbody><tr><td>a</td><td>b{inner}</td></tr></tbody></table>'
    assert html(body) == shown


def test_pictures_of_the_library_come_in_several_sizes() -> None:
    assert html(f'<img class="alignleft size-full evil" src="{SRC}" alt="A cat">') == (
        f'<p><img src="{SRC}" alt="A cat" width="1600" height="1000" srcset="{SRC} 600w, {SRC} 1600w" '
        'sizes="(min-width: 48rem) 46rem, 100vw" class="alignleft size-full" loading="lazy"></p>'
    )
    assert 'width="300" height="188"' in html(f'<img src="{SRC}" width="300" height="5">')


def test_pictures_and_files_from_elsewhere_become_links_and_are_told() -> None:
    for body, words in (
        ('<img src="https://old.example/a%20cat.png" alt="A cat">', "A cat"),
        ('<img src="https://old.example/a%20cat.png">', "a cat.png"),
    ):
        address = "https://old.example/a%20cat.png"
        assert html(body) == f'<p><a href="{address}" rel="noopener">{words}</a></p>'
        assert lost(body) == [(f"The picture {address} is not in the library, so it became a link.", 1)]
    linked = '<a href="/x"><img src="//old.example/a.png"></a>'
    assert html(linked) == '<p><a href="/x" rel="noopener">a.png</a></p>'
    for body in ('<audio src="https://old.example/a.mp3">', '[audio mp3="https://old.example/a.mp3"]'):
        assert html(body) == '<p><a href="https://old.example/a.mp3" rel="noopener">a.mp3</a></p>'


def test_sound_and_film_of_the_library_are_played() -> None:
    for body in (f'[video src="{SRC}"][/video]', f'<video src="{SRC}" autoplay></video>', f"[video mp4={SRC} /]"):
        assert html(body) == f'<p><video src="{SRC}" controls="" preload="none"></video></p>'


def test_a_caption_stands_below_its_picture() -> None:
    new = f'[caption id="x" align="alignright"]<a href="/y"><img src="{SRC}"></a> The <b>hill</b>[/caption] and on'
    assert '<figure class="wp-caption alignright"><a href="/y"' in html(new)
    ending = '<figcaption class="wp-caption-text">The <b>hill</b></figcaption></figure><p>and on</p>'
    assert html(new).endswith(ending)
    old = f'[wp_caption align=alignleft caption="A &lt;hill>"]<img src="{SRC}">[/wp_caption]'
    assert html(old).endswith('<figcaption class="wp-caption-text">A &lt;hill&gt;</figcaption></figure>')
    assert html("[caption]no end") == "<p>[caption]no end</p>"


def test_a_gallery_shows_what_it_names_or_what_is_attached() -> None:
    assert gallery_ids("[gallery columns=2 ids='7, 8,7'] [gallery] [gallery include=\"9\"]") == [7, 8, 9]
    shown = html("[gallery columns=2 ids='7, 8, 99']")
    assert shown.startswith(f'<div class="gallery gallery-columns-2"><figure class="gallery-item"><img src="{SRC}"')
    assert '<figcaption class="wp-caption-text">At noon</figcaption>' in shown
    assert '<a href="https://old.example/sea.jpg" rel="noopener">sea.jpg</a>' in shown
    assert ("A gallery names picture 99, which is not in the library.", 1) in lost("[gallery ids='7, 8, 99']")
    assert html("[gallery]").count("<img") == 1
    assert html("[gallery]<!--nextpage-->" * 3000).count("<img") == 1000


def test_other_shortcodes_stay_as_they_are() -> None:
    assert html("[unknown a=1]x[/unknown] [[gallery]] [galleryx]") == (
        "<p>[unknown a=1]x[/unknown] [gallery] [galleryx]</p>"
    )


@pytest.mark.parametrize(
    "body",
    [
        "https://film.example/1?a=b&amp;c=d",
        "\nhttps://film.example/1?a=b&c=d \n",
        "[embed width=3]https://film.example/1?a=b&c=d[/embed]",
        '<iframe src="https://film.example/1?a=b&c=d" allow="camera">no frames</iframe>',
        "<!-- wp:embed -->\n<div>\nhttps://film.example/1?a=b&amp;c=d\n</div><!-- /wp:embed -->",
    ],
)
def test_what_is_embedded_becomes_a_link_and_no_frame(body: str) -> None:
    url = "https://film.example/1?a=b&amp;c=d"
    assert f'<a href="{url}" rel="noopener">{url}</a>' in html(body)
    assert ("What was embedded from https://film.example/1?a=b&c=d became a link.", 1) in lost(body)


def test_classes_of_wordpress_stay_and_those_of_this_site_do_not() -> None:
    body = '<p class="has-text-align-right notice is-x" style="text-align: center;" id="a" onclick="x()">x</p>'
    assert html(body) == '<p class="has-text-align-right is-x has-text-align-center">x</p>'
    assert lost(body) == [
        ("The attribute id <p> was left out.", 1),
        ("The attribute onclick <p> was left out.", 1),
        ("The class notice was left out.", 1),
    ]


ATTACKS = [
    "<script>alert(1)</script>",
    "<scr<script>ipt>alert(1)</script>",
    '<img src="https://evil.example/x.png" srcset="//evil.example/x.png 2x" alt="x">',
    f'<img src="{SRC}" srcset="//evil.example/x.png 2x" onerror=alert(1)>',
    "<img src=x onerror=alert(1)>",
    "<img src='x' title='\"onerror=\"alert(1)'>",
    '<a href="javascript:alert(1)">x</a>',
    '<a href=" java&#10;script:alert(1)">x</a>',
    '<a href="\x01javascript:alert(1)">x</a>',
    '<p style="position:fixed">x</p>',
    "<style>body{display:none}</style>",
    "<svg onload=alert(1)><a xlink:href=javascript:alert(1)>x</a></svg>",
    '<form action="https://evil.example"><input name=password></form>',
    '<math><mtext><table><mglyph><style><img src=x onerror="alert(1)">',
    "<object data=x></object><embed src=javascript:x><base href=//evil.example><link rel=stylesheet href=//evil.x>",
    "<iframe src='javascript:alert(1)'></iframe><iframe srcdoc='<script>x</script>'></iframe>",
    "[caption caption='<script>alert(1)</script>']<img src=x>[/caption]",
    "[audio src='javascript:alert(1)'] [video src='https://x\" onerror=alert(1)']",
    "[gallery ids='7' columns='\" onload=x']",
    'https://x/"onclick=alert(1)\n',
    "<p title='<script>alert(1)</script>' lang='\"><script>'>x",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<!--><img src=x onerror=alert(1)>-->",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_active_survives(attack: str) -> None:
    found = html(attack).lower()
    tags = [part.partition(">")[0] for part in found.split("<")[1:]]
    forbidden = ("script", "style", "iframe", "svg", "form", "input", "object", "embed", "base", "link", "math")
    assert not [tag for tag in tags if tag.split()[0].strip("/") in forbidden]
    unquoted = ["".join(tag.split('"')[::2]) for tag in tags]
    assert not [tag for tag in unquoted for word in (" on", "style=") if word in tag]
    assert not [tag for tag in tags for word in ('href="javascript', 'src="http', 'srcset="//') if word in tag]


PIECES = [
    *(
        "a",
        "\n",
        "\n\n",
        " ",
        "[caption]",
        "[/caption]",
        "[gallery]",
        "<!-- wp:a -->",
        "<!-- /wp:a -->",
        "https://x.example",
    ),
    *("<p>", "</p>", "<div>", "</div>", "<b>", "</b>", "<a href=/x>", "</a>", "<ul>", "</ul>", "<li>", "<h2>", "</h2>"),
    *("<table>", "</table>", "<tr>", "<td>", "</td>", "<pre>", "</pre>", "<br>", "<hr>", "<figure>", "</figure>"),
    *("<figcaption>", "<img src=x>", "<dl>", "<dt>", "<blockquote>", "</blockquote>"),
]
TAGS = set("p div b a ul li h2 table tbody tr td pre br hr figure figcaption img dl dt dd blockquote".split())  # noqa: SIM905
ATTRIBUTES = set("class href src alt width height srcset sizes loading tabindex".split())  # noqa: SIM905


@given(st.lists(st.sampled_from(PIECES), max_size=25))
def test_browsers_find_nothing_to_mend_in_what_is_written(pieces: list[str]) -> None:
    import nh3

    once = render_html("".join(pieces), LIBRARY)[0].html
    assert nh3.clean(once, tags=TAGS, attributes=dict.fromkeys(TAGS, ATTRIBUTES), link_rel="noopener") == once


HOSTILE = [
    *("<", "<a ", '<a "', "<a '\"", '<a b="', "<!--", "<!-- wp:a -->", "<div>", "<b>", "<li>", "<table><td>", "</div>"),
    *('[caption a="', "[caption]", "[caption]<img src=x>y[/caption]", "[gallery ids='7,7,7,7,7,7']", "[embed]", "&amp"),
    *("\n\nx", "http://x\n", "<h2>a<p>", "<script>", "<p style='text-align: '>", "[[gallery", "<i title='x'>"),
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_bodies_take_time_by_their_length_alone(piece: str) -> None:
    def seconds(length: int) -> float:
        body = piece * (length // len(piece))
        began = time.process_time()
        render_html(body, LIBRARY)
        return time.process_time() - began

    # Twice as long may take twice the time and some, and not four times.
    assert seconds(LONGEST // 4) < 3 * max(seconds(LONGEST // 8), 0.03)


def test_emphasis_over_thousands_of_paragraphs_does_not_multiply() -> None:
    body = "".join(f'<i title="{"x" * 100}{number}">' for number in range(800)) + "\n\nx" * 30_000
    assert len(html(body)) < 4 * LONGEST
