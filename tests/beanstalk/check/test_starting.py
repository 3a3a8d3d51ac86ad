"""Apps that are started and asked; each is a few lines of the standard library's own server."""

import textwrap

import pytest

from beanstalk.check import starting
from beanstalk.check.subject import build
from tests.beanstalk.check.planting import Files, options, tree

APP = textwrap.dedent("""
    import http.server, os
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(204 if self.path == "/quiet" else 200 if self.path == "/well" else 404)
            self.end_headers()
        do_OPTIONS = do_GET
    http.server.HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
    """)
HEALTH = "aws:elasticbeanstalk:environment:process:default:\n  HealthCheckPath: {}\n  MatcherHTTPCode: {}\n"
CRON = (
    "version: 1\ncron:\n- {name: a, url: /well, schedule: '* * * * *'}\n- {name: b, url: /ill, schedule: '* * * * *'}\n"
)


def asked(files: Files, tier: str = "web") -> list[tuple[str, str, int]]:
    subject = build(tree({"Procfile": "web: python app.py\n", "app.py": APP, **files}), (), tier)
    return [(one.rule, one.file, one.line) for one in starting.check(subject, {"GREETING": "hello"})]


@pytest.mark.parametrize(
    ("path", "codes", "ill"), [("/well", 200, False), ("/quiet", "200-299", False), ("/ill", 200, True)]
)
def test_a_health_path_is_asked(path: str, codes: object, ill: bool) -> None:
    found = asked({".ebextensions/1.config": options(HEALTH.format(path, codes))})
    assert found == ([("health-answer", "b.zip/.ebextensions/1.config", 3)] if ill else [])


def test_the_default_path_is_asked_of_a_web_server() -> None:
    assert asked({}) == [("health-answer", "b.zip/Procfile", 1)]


def test_the_urls_of_periodic_tasks_are_asked_for_without_running_them() -> None:
    assert asked({"cron.yaml": CRON}, "worker") == [("cron-url-missing", "b.zip/cron.yaml", 4)]


def test_an_app_that_does_not_start_is_found_with_what_it_said() -> None:
    broken = tree(
        {
            "Procfile": "clock: sleep 9\nweb: python app.py\n",
            "app.py": "raise SystemExit('no ' + __import__('os').environ['GREETING'])\n",
        }
    )
    [found] = starting.check(build(broken, (), "web"), {"GREETING": "hello"})
    assert (found.rule, found.line) == ("procfile-start", 2)
    assert "ended with exit code 1: no hello;" in found.text
