"""What a bundle calls /var/app or port 80, and where that is here."""

from pathlib import Path

import pytest

from beanstalk.platform.places import Address, Places, address_in

SOCKET = Places(Path("/i"), Path("/r"), Address("unix:/run/shop/web.sock"), Address("unix:/s/3.sock"), 9001)
PORT = Places(Path("/i"), Path("/r"), Address("127.0.0.1:8000"), Address("127.0.0.1:9000"), 9001)


@pytest.mark.parametrize(
    ("text", "here"),
    [
        ("cd /var/app/current && ls", "cd /i/var/app/current && ls"),
        (". /var/app/venv/*/bin/activate", ". /i/var/app/venv/*/bin/activate"),
        ("file:///mnt/media sqlite:////var/lib/a.db", "file:///i/mnt/media sqlite:////i/var/lib/a.db"),
        ('log="/var/log";x=/etc/fstab', 'log="/i/var/log";x=/i/etc/fstab'),
        ("server unix:/run/shop/web.sock;", "server unix:/s/3.sock;"),
        ("mkdir /run/shop", "mkdir /r/shop"),
        ("curl http://localhost/health http://127.0.0.1:80", "curl http://127.0.0.1:9001/health http://127.0.0.1:9001"),
        ("/usr/bin/env /bin/sh /tmp/x /dev/null /variable", "/usr/bin/env /bin/sh /tmp/x /dev/null /variable"),
        (
            "https://example.com/var/app $HOME/etc ${A}/opt ../run",
            "https://example.com/var/app $HOME/etc ${A}/opt ../run",
        ),
        ("http://localhost:5000/ http://localhost.test/", "http://localhost:5000/ http://localhost.test/"),
    ],
)
def test_paths_and_addresses_in_a_text_become_those_of_this_machine(text: str, here: str) -> None:
    assert SOCKET.mapped(text) == here


@pytest.mark.parametrize(
    ("text", "here"),
    [
        ("proxy_pass http://127.0.0.1:8000;", "proxy_pass http://127.0.0.1:9000;"),
        ("gunicorn --bind :8000 a", "gunicorn --bind 127.0.0.1:9000 a"),
        ("gunicorn -b 0.0.0.0:8000 a", "gunicorn -b 127.0.0.1:9000 a"),
        ("http://localhost:8000/x", "http://127.0.0.1:9000/x"),
        ("10.0.0.1:8000 host:80001 127.0.0.1:18000", "10.0.0.1:8000 host:80001 127.0.0.1:18000"),
    ],
)
def test_a_port_is_another_one_for_each_version(text: str, here: str) -> None:
    assert PORT.mapped(text) == here


@pytest.mark.parametrize(
    ("properties", "command", "address"),
    [
        ({"BIND": "unix:/run/web.sock"}, "gunicorn --bind :8000 a", "unix:/run/web.sock"),
        ({}, "gunicorn -b 127.0.0.1:5000 a", "127.0.0.1:5000"),
        ({"PORT": "5001"}, "gunicorn --bind=:${PORT} a", ":5001"),
        ({}, "gunicorn --bind :$PORT a", ":8000"),
        ({}, "uvicorn a", "127.0.0.1:8000"),
    ],
)
def test_where_an_app_listens_is_read_from_its_properties_or_its_command(
    properties: dict[str, str], command: str, address: str
) -> None:
    assert address_in(properties, command).text == address
