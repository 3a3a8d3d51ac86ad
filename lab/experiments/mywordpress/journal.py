"""The journal as experiments need it: what stands."""

from lab.running.architecture import Architecture, architecture

APP = "mywordpress"
INSTANCES = (f"{APP}-1", f"{APP}-2")
WEB = (f"{APP}-?", f"{APP}-seed", "cloud", "relay-?", "database-*", "promoter")
REDIS = ("cache-*", "sentinel-*")
MEDIA = "/mnt/media"


def journal(*services: str, **switches: object) -> Architecture:
    """The journal with its database, and with these other services."""
    return architecture(*WEB, *services, **switches)
