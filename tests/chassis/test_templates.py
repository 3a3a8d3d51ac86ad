"""The family's templates: forms that assistive technology understands, and errors that people do."""

import typing
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Form, HiddenField, PasswordField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, InputRequired, Optional

from apps.chassis.app import create_app
from apps.chassis.settings import Settings

Render = Callable[..., str]


class Draft(Form):  # type: ignore[misc]
    secret = PasswordField("Password", [InputRequired("Please give a password.")])
    body = TextAreaField("Text")
    terms = BooleanField("I agree")
    size = RadioField("Size", choices=[SelectChoice("s", "Small"), SelectChoice("l", "Large")])
    token = HiddenField("Token", [Optional(), AnyOf(["ours"], message="Please load the page again.")])


@pytest.fixture
def render(tmp_path: Path) -> Render:
    """Renders a template's text."""
    app = create_app(Settings.from_environ({"APP": "whatisthetime", "VAR_DIR": str(tmp_path)}))

    def text(source: str, **values: Any) -> str:
        with app.test_request_context("/"):
            imports = "{% from 'chassis/forms.html' import field, submit, form_errors %}"
            imports += "{% from 'chassis/pager.html' import pager %}"
            return app.jinja_env.from_string(imports + source).render(values)

    return text


def test_a_label_names_its_control(render: Render) -> None:
    html = render("{{ field(form.body, rows=6, hint='Markdown is understood.') }}", form=Draft())
    assert '<label class="field__label" for="body">' in html
    assert 'rows="6"' in html
    assert 'aria-describedby="body-hint"' in html
    assert '<p class="field__hint" id="body-hint">Markdown is understood.</p>' in html
    assert "optional" in html


def test_an_error_is_tied_to_its_control(render: Render) -> None:
    form = Draft(MultiDict({"body": "x"}))
    assert not form.validate()
    html = render("{{ field(form.secret) }}", form=form)
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="secret-error"' in html
    assert '<p class="field__error" id="secret-error">Please give a password.</p>' in html
    assert "optional" not in html


def test_a_form_says_that_something_is_wrong_only_if_it_is(render: Render) -> None:
    form = Draft(MultiDict({"size": "s"}))
    assert render("{{ form_errors(form) }}", form=form) == ""
    assert not form.validate()
    assert "the marked field." in render("{{ form_errors(form) }}", form=form)


def test_what_is_wrong_with_a_field_that_nobody_sees_is_told_above_all(render: Render) -> None:
    form = Draft(MultiDict({"secret": "x", "size": "s", "token": "theirs"}))
    assert not form.validate()
    told = render("{{ form_errors(form) }}", form=form)
    assert "<p>Please load the page again.</p>" in told
    assert "marked" not in told


def test_choices_are_a_group_and_a_check_is_one_line(render: Render) -> None:
    form = Draft()
    assert "<legend" in render("{{ field(form.size) }}", form=form)
    assert render("{{ field(form.size) }}", form=form).count('type="radio"') == 2
    assert '<label class="choice" for="terms">' in render("{{ field(form.terms) }}", form=form)
    assert "<label" not in render("{{ field(form.token) }}", form=form)


def test_what_visitors_wrote_is_text_in_a_form(render: Render) -> None:
    html = render("{{ field(form.body) }}", form=Draft(MultiDict({"body": "</textarea><script>"})))
    assert "<script>" not in html


def test_a_button_says_what_it_sends(render: Render) -> None:
    html = render("{{ submit('Delete', quiet=True, name='verb', value='delete') }}")
    assert 'class="button button--quiet"' in html
    assert 'name="verb" value="delete"' in html


def test_pages_lead_on_only_where_there_is_more(render: Render) -> None:
    assert render("{{ pager() }}") == ""
    html = render("{{ pager(next='/?page=2', here='Page 1 of 2') }}")
    assert 'rel="next"' in html
    assert 'rel="prev"' not in html


def test_an_error_page_tells_what_to_do(render: Render) -> None:
    html = render(
        "{% extends 'chassis/error.html' %}", status=503, title="Service Unavailable", detail="", request_id="r7"
    )
    assert "Back in a moment" in html
    assert "Try again" in html
    assert "<code>r7</code>" in html
    missing = render("{% extends 'chassis/error.html' %}", status=404, title="Not Found", detail="<b>no</b>")
    assert "&lt;b&gt;no" in missing


def test_the_title_of_a_refused_form_says_so_first(render: Render) -> None:
    class Refused:
        errors: typing.ClassVar = {"email": ["Please enter an address."]}

    page = render("{% extends 'chassis/base.html' %}{% block title %}Sign in{% endblock %}", form=Refused())
    assert "<title>Error: Sign in</title>" in page
