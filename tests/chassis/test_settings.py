"""Settings: what the environment may say, and how a mistake in it is told."""

import dataclasses

import pytest

from apps.chassis.settings import Settings, SettingsError

pytestmark = pytest.mark.unit

PRODUCTION = {
    "ENVIRONMENT": "production",
    "APP": "myclothes",
    "SECRET_KEY": "k" * 32,
    "PUBLIC_URL": "https://shop.example.com",
    "TRUSTED_PROXY_HOPS": "2",
}


def refused(**environ: str) -> str:
    with pytest.raises(SettingsError) as caught:
        Settings.from_environ(environ)
    return str(caught.value)


def test_an_empty_environment_is_a_laptop_with_embedded_backends() -> None:
    settings = Settings.from_environ({})
    assert settings.app == "whatisthetime"
    assert not settings.production
    assert settings.database_url.startswith("sqlite:////")
    assert settings.storage_url.startswith("file:///")
    assert settings.metadata_endpoint is None
    assert settings.show_architecture


def test_app_names_the_site_and_its_tier() -> None:
    settings = Settings.from_environ({"APP": "mywordpress.worker"})
    assert (settings.app, settings.worker) == ("mywordpress", True)


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Settings.from_environ({}).app = "other"  # type: ignore[misc]


def test_production_needs_a_secret_and_an_address() -> None:
    text = refused(ENVIRONMENT="production")
    assert text.splitlines()[0].startswith("SECRET_KEY: needs at least 32 characters")
    assert text.splitlines()[1].startswith("PUBLIC_URL: needed in production")
    assert text.splitlines()[2].startswith("TRUSTED_PROXY_HOPS: needed in production")


def test_production_hides_its_architecture_and_asks_the_metadata_service() -> None:
    settings = Settings.from_environ(PRODUCTION)
    assert not settings.show_architecture
    assert settings.metadata_endpoint == "http://169.254.169.254"
    assert settings.log_format == "json"
    assert settings.secure


def test_the_metadata_service_can_be_switched_off() -> None:
    assert Settings.from_environ({**PRODUCTION, "AWS_EC2_METADATA_DISABLED": "true"}).metadata_endpoint is None


@pytest.mark.parametrize(
    ("variable", "value", "takes"),
    [
        ("APP", "shop", "one of whatisthetime"),
        ("ENVIRONMENT", "staging", "development or production"),
        ("DATABASE_URL", "postgresql://x/y", "takes one of sqlite: mysql:"),
        ("DATABASE_REPLICA_URLS", "mysql://a/b,oracle://c/d", "takes one of sqlite: mysql:"),
        ("SESSION_URL", "redis", "takes one of sqlite: cookie: memory: redis: rediss: dynamodb:"),
        ("SESSION_URL", "cookie:4096", "takes one of"),
        ("CACHE_URL", "memcached://host", "takes one of null: sqlite: redis: rediss:"),
        ("STORAGE_URL", "s3://bucket", "takes one of file:"),
        ("QUEUE_URL", "amqp://host", "takes one of sqlite: https: http:"),
        ("MAIL_URL", "mailto:someone", "takes one of folder: smtp: ses:"),
        ("REPLICA_MAX_LAG_SECONDS", "-1", "a number from 0.1 to 60"),
        ("WEB_CONCURRENCY", "2.5", "a whole number from 1 to 64"),
        ("THREADS", "many", "a whole number from 1 to 64"),
        ("TRUSTED_PROXY_HOPS", "9", "a whole number from 0 to 5"),
        ("SHOW_ARCHITECTURE", "yes", "1 or 0"),
        ("LOG_FORMAT", "xml", "json or text"),
        ("PUBLIC_URL", "shop.example.com", "an origin such as"),
        ("PUBLIC_URL", "https://shop.example.com/path", "without a path"),
        ("PUBLIC_URL", "https://shop.example.com:port", "an origin such as"),
        ("METRICS_BIND", "localhost:9100", "a loopback or private address"),
        ("BIND", "8000", "takes host:port or unix:PATH"),
        ("BIND", "127.0.0.1:99999", "takes host:port"),
        ("METRICS_BIND", "0.0.0.0:9100", "a loopback or private address"),
        ("METRICS_BIND", "93.184.216.34:9100", "a loopback or private address"),
        ("NTP_SERVER", "ntp://time.example.com", "host, host:port or off"),
        ("NTP_SERVER", "time.example.com:port", "host, host:port or off"),
        ("NTP_SERVER", "somebody@time.example.com", "host, host:port or off"),
        ("STORAGE_SHARED", "no", "1 or 0"),
        ("CLOCK_MAX_OFFSET_SECONDS", "0", "a number from 0.001 to 3600"),
        ("CLOUDWATCH_NAMESPACE", "AWS/EC2", "that do not begin with AWS/"),
        ("CLOUDWATCH_NAMESPACE", "What Is", "letters, digits and"),
    ],
)
def test_a_wrong_value_is_one_line_that_names_the_variable_and_what_it_takes(
    variable: str, value: str, takes: str
) -> None:
    text = refused(**{variable: value})
    assert len(text.splitlines()) == 1
    assert text.startswith(f"{variable}: ")
    assert takes in text


@pytest.mark.parametrize(
    ("value", "server"),
    [
        ("off", None),
        ("time.example.com", ("time.example.com", 123)),
        ("time.example.com:1123", ("time.example.com", 1123)),
        ("fd00:ec2::123", ("fd00:ec2::123", 123)),
        ("[fd00:ec2::123]:1123", ("fd00:ec2::123", 1123)),
    ],
)
def test_a_time_server_is_a_host_with_a_port_or_none(value: str, server: tuple[str, int] | None) -> None:
    assert Settings.from_environ({"NTP_SERVER": value}).ntp_server == server


def test_production_measures_its_clock_against_amazon_time_sync_and_a_laptop_does_not() -> None:
    assert Settings.from_environ(PRODUCTION).ntp_server == ("169.254.169.123", 123)
    assert Settings.from_environ(PRODUCTION | {"NTP_SERVER": "off"}).ntp_server is None
    assert Settings.from_environ({}).ntp_server is None


def test_all_mistakes_are_told_at_once() -> None:
    assert len(refused(APP="x", THREADS="0", LOG_FORMAT="y").splitlines()) == 3


def test_a_password_in_a_url_is_never_shown() -> None:
    assert "hunter2" not in refused(DATABASE_URL="postgresql://user:hunter2@host/db")


def test_a_backend_may_be_named_without_a_path() -> None:
    assert Settings.from_environ({"SESSION_URL": "sqlite:"}).session_url.endswith("/whatisthetime/sessions.sqlite3")


def test_sessions_in_memory_force_one_process_but_not_on_the_worker() -> None:
    assert Settings.from_environ({"SESSION_URL": "memory:", "WEB_CONCURRENCY": "4"}).processes == 1
    assert Settings.from_environ({"APP": "myclothes.worker", "SESSION_URL": "memory:"}).processes == 2


def test_old_keys_still_verify_and_the_new_one_signs() -> None:
    settings = Settings.from_environ({"SECRET_KEY": "n" * 32, "SECRET_KEY_FALLBACKS": "old-one, older-one"})
    assert settings.secret_keys == ("n" * 32, "old-one", "older-one")


@pytest.mark.parametrize(
    ("value", "origin"),
    [
        ("https://Shop.Example.com:443/", "https://shop.example.com"),
        ("http://shop.example.com:80", "http://shop.example.com"),
        ("http://127.0.0.1:8002", "http://127.0.0.1:8002"),
        ("http://[::1]:8002", "http://[::1]:8002"),
    ],
)
def test_the_public_address_is_kept_as_browsers_write_it(value: str, origin: str) -> None:
    assert Settings.from_environ({"PUBLIC_URL": value}).public_url == origin
