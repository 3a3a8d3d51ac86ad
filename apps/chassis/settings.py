"""The environment, read once into a frozen object and passed down."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from apps.chassis import addresses

APPS = ("whatisthetime", "myclothes", "mywordpress")
SQL_SCHEMES = ("sqlite", "mysql", "mariadb", "mysql+pymysql", "mariadb+pymysql")
DEVELOPMENT_KEY = "for development on one machine only; production refuses to start without its own"
METADATA_SERVICE = "http://169.254.169.254"
TIME_SYNC = "169.254.169.123"
NTP_PORT = 123
NAMESPACE = re.compile(r"(?!AWS/)[\w.\-/#:]{1,255}", re.ASCII)


class SettingsError(ValueError):
    """The environment cannot be used; each line of the text names one variable and what it takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that the environment decides. Times are in seconds, addresses are `host:port` or `unix:PATH`."""

    app: str
    worker: bool
    environment: str
    secret_key: str
    secret_key_fallbacks: tuple[str, ...]
    public_url: str | None
    var: Path
    database_url: str
    database_replica_urls: tuple[str, ...]
    replica_max_lag_seconds: float
    session_url: str
    cache_url: str
    storage_url: str
    storage_require_mount: bool
    storage_shared: bool
    queue_url: str
    mail_url: str
    show_architecture: bool
    faults: bool
    trusted_proxy_hops: int
    log_format: str
    bind: str
    metrics_bind: str | None
    workers: int
    threads: int
    instance_id: str | None
    availability_zone: str | None
    region: str | None
    private_ip: str | None
    public_ip: str | None
    metadata_endpoint: str | None
    ntp_server: tuple[str, int] | None
    clock_max_offset_seconds: float
    cloudwatch_namespace: str | None

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> "Settings":
        """Read all variables, or raise one SettingsError that lists every mistake found."""
        reader = _Reader(environ)
        settings = reader.settings()
        if reader.mistakes:
            raise SettingsError("\n".join(reader.mistakes))
        return settings

    @property
    def production(self) -> bool:
        return self.environment == "production"

    @property
    def data_dir(self) -> Path:
        """The app's own folder for whatever lives on this machine."""
        return self.var / self.app

    @property
    def secret_keys(self) -> tuple[str, ...]:
        """Every key that verifies; the first one signs."""
        return (self.secret_key, *self.secret_key_fallbacks)

    @property
    def secure(self) -> bool:
        """Whether visitors come by https, so that cookies may be Secure and HSTS be promised."""
        return (self.public_url or "").startswith("https://")

    @property
    def processes(self) -> int:
        """Worker processes to start: sessions in a process's own memory cannot be shared by two."""
        return 1 if self.session_url == "memory:" and not self.worker else self.workers


@cache
def of_this_process() -> Settings:
    """The settings of this process; raises SettingsError."""
    return Settings.from_environ(os.environ)


class _Reader:
    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.mistakes: list[str] = []

    def settings(self) -> Settings:
        name, _, role = self.text("APP", "whatisthetime").partition(".")
        if name not in APPS or role not in ("", "worker"):
            self.refuse("APP", "one of " + ", ".join(APPS) + ", each alone or followed by .worker")
        environment = self.choice("ENVIRONMENT", "development", ("development", "production"))
        production = environment == "production"
        return Settings(
            app=name,
            worker=role == "worker",
            environment=environment,
            secret_key=self.secret_key(production),
            secret_key_fallbacks=self.words("SECRET_KEY_FALLBACKS"),
            public_url=self.public_url(production),
            **self.backends(name),
            show_architecture=self.flag("SHOW_ARCHITECTURE", default=not production),
            faults=self.flag("FAULTS", default=False),
            trusted_proxy_hops=self.proxy_hops(production),
            log_format=self.choice("LOG_FORMAT", "json" if production else "text", ("json", "text")),
            bind=self.address("BIND", f"127.0.0.1:{self.text('PORT', '8000')}"),
            metrics_bind=self.metrics_bind(),
            workers=int(self.number("WEB_CONCURRENCY", 2, 1, 64, whole=True)),
            threads=int(self.number("THREADS", 4, 1, 64, whole=True)),
            **self.identity(production),
            ntp_server=self.ntp_server(production),
            clock_max_offset_seconds=self.number("CLOCK_MAX_OFFSET_SECONDS", 0.5, 0.001, 3600),
            cloudwatch_namespace=self.cloudwatch_namespace(),
        )

    def backends(self, app: str) -> dict[str, Any]:
        var = Path(self.text("VAR_DIR", "var"))
        home = (var / app).absolute()
        return {
            "var": var,
            "database_url": self.url("DATABASE_URL", f"sqlite:///{home}/database.sqlite3", SQL_SCHEMES),
            "database_replica_urls": tuple(
                self.checked("DATABASE_REPLICA_URLS", url, SQL_SCHEMES) for url in self.words("DATABASE_REPLICA_URLS")
            ),
            "replica_max_lag_seconds": self.number("REPLICA_MAX_LAG_SECONDS", 2.0, 0.1, 60),
            "session_url": self.url(
                "SESSION_URL",
                f"sqlite:///{home}/sessions.sqlite3",
                ("sqlite", "cookie", "memory", "redis", "rediss", "dynamodb"),
            ),
            "cache_url": self.url(
                "CACHE_URL", f"sqlite:///{home}/cache.sqlite3", ("null", "sqlite", "redis", "rediss")
            ),
            "storage_url": self.url("STORAGE_URL", f"file://{home}/media", ("file",)),
            "storage_require_mount": self.flag("STORAGE_REQUIRE_MOUNT", default=False),
            "storage_shared": self.flag("STORAGE_SHARED", default=True),
            "queue_url": self.url("QUEUE_URL", f"sqlite:///{home}/queue.sqlite3", ("sqlite", "https", "http")),
            "mail_url": self.url("MAIL_URL", f"folder://{home}/mail", ("folder", "smtp", "ses")),
        }

    def identity(self, production: bool) -> dict[str, Any]:
        disabled = self.flag("AWS_EC2_METADATA_DISABLED", default=not production)
        endpoint = self.text("AWS_EC2_METADATA_SERVICE_ENDPOINT", "" if disabled else METADATA_SERVICE)
        return {
            "instance_id": self.text("INSTANCE_ID", "") or None,
            "availability_zone": self.text("AVAILABILITY_ZONE", "") or None,
            "region": self.text("AWS_REGION", "") or None,
            "private_ip": self.text("PRIVATE_IP", "") or None,
            "public_ip": self.text("PUBLIC_IP", "") or None,
            "metadata_endpoint": endpoint.rstrip("/") or None,
        }

    def ntp_server(self, production: bool) -> tuple[str, int] | None:
        value = self.text("NTP_SERVER", TIME_SYNC if production else "off")
        server = None if value == "off" else addresses.host_and_port(value, NTP_PORT)
        if server is None and value != "off":
            self.refuse("NTP_SERVER", "host, host:port or off")
        return server

    def cloudwatch_namespace(self) -> str | None:
        value = self.text("CLOUDWATCH_NAMESPACE", "")
        if value and not NAMESPACE.fullmatch(value):
            self.refuse("CLOUDWATCH_NAMESPACE", "1 to 255 letters, digits and . - _ / # : that do not begin with AWS/")
        return value or None

    def secret_key(self, production: bool) -> str:
        key = self.text("SECRET_KEY", "" if production else DEVELOPMENT_KEY)
        if len(key) < 32:
            self.mistakes.append("SECRET_KEY: needs at least 32 characters that nobody can guess, the same everywhere")
        return key

    def public_url(self, production: bool) -> str | None:
        value = self.text("PUBLIC_URL", "").rstrip("/")
        if not value:
            if production:
                self.mistakes.append("PUBLIC_URL: needed in production, such as https://shop.example.com")
            return None
        parts = addresses.split(value)
        if parts is None or parts.scheme not in ("http", "https") or not parts.hostname or parts.path or parts.query:
            self.refuse("PUBLIC_URL", "an origin such as https://shop.example.com, without a path")
            return None
        return addresses.origin(parts)

    def proxy_hops(self, production: bool) -> int:
        # Guessing is unsafe both ways: too many and visitors forge their address, too few and all share one.
        if production and not self.text("TRUSTED_PROXY_HOPS", ""):
            self.mistakes.append(
                "TRUSTED_PROXY_HOPS: needed in production, 2 behind a balancer and nginx, 1 behind nginx"
            )
        return int(self.number("TRUSTED_PROXY_HOPS", 0, 0, 5, whole=True))

    def metrics_bind(self) -> str | None:
        value = self.address("METRICS_BIND", "") or None
        if value is None or value.startswith("unix:"):
            return value
        if not addresses.is_private(value.rpartition(":")[0].strip("[]")):
            self.refuse("METRICS_BIND", "a loopback or private address such as 127.0.0.1:9100")
        if value == self.text("BIND", ""):
            self.refuse("METRICS_BIND", "another address than BIND")
        return value

    def address(self, name: str, default: str) -> str:
        value = self.text(name, default)
        host, _, port = value.rpartition(":")
        is_address = bool(host) and port.isdigit() and 0 < int(port) < 65536
        if value and not value.startswith("unix:") and not is_address:
            self.mistakes.append(f"{name}: got {value!r}, takes host:port or unix:PATH")
        return value

    def url(self, name: str, default: str, schemes: tuple[str, ...]) -> str:
        value = self.text(name, default)
        # "sqlite:" alone means the default file, so that an experiment can name the backend and no path.
        if value == default.partition("//")[0]:
            return default
        return self.checked(name, value, schemes)

    def checked(self, name: str, value: str, schemes: tuple[str, ...]) -> str:
        parts = addresses.split(value)
        if parts is None or parts.scheme not in schemes or not addresses.is_complete(parts.scheme, value):
            # The value may hold a password, so only its scheme is shown.
            scheme, takes = value.partition(":")[0][:20], " ".join(f"{known}:" for known in schemes)
            self.mistakes.append(f"{name}: got a URL of scheme {scheme!r}, takes one of {takes} complete")
        return value

    def number(self, name: str, default: float, least: float, most: float, *, whole: bool = False) -> float:
        value = self.text(name, str(default))
        try:
            number = float(int(value) if whole else float(value))
        except ValueError:
            number = float("nan")
        if not least <= number <= most:
            self.refuse(name, f"a {'whole ' if whole else ''}number from {least} to {most}")
            return default
        return number

    def flag(self, name: str, *, default: bool) -> bool:
        value = self.text(name, "1" if default else "0").lower()
        if value not in ("0", "1", "true", "false"):
            self.refuse(name, "1 or 0")
        return value in ("1", "true")

    def choice(self, name: str, default: str, choices: tuple[str, ...]) -> str:
        value = self.text(name, default)
        if value not in choices:
            self.refuse(name, " or ".join(choices))
        return value

    def words(self, name: str) -> tuple[str, ...]:
        return tuple(word.strip() for word in self.text(name, "").split(",") if word.strip())

    def text(self, name: str, default: str) -> str:
        return self.environ.get(name, "").strip() or default

    def refuse(self, name: str, takes: str) -> None:
        self.mistakes.append(f"{name}: got {self.environ.get(name, '')!r}, takes {takes}")
