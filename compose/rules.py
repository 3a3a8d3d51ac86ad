"""Who may connect to whom: the security groups. Networks and addresses follow from this table, and so do the tests.

Each service belongs to groups. A rule lets one group connect to a port of another one, on one network; whoever is on
both sides of no rule of a network is not on it. A network that is named after its server is one per server, which has
it alone with the clients.
"""

from dataclasses import dataclass

EDGE = "edge"


@dataclass(frozen=True, slots=True)
class Rule:
    """`clients` may connect to `port` of `servers`; no client means that only the machine's own visitors do."""

    network: str
    servers: str
    port: int
    clients: str = ""

    def network_of(self, server: str) -> str:
        """The name of the network on which this server is reached."""
        return self.network.format(server=server)

    @property
    def is_private(self) -> bool:
        """Whether each server has a network of its own."""
        return "{" in self.network


RULES = (
    Rule(EDGE, "balancer", 8080, "names"),
    Rule(EDGE, "balancer", 8404, "names"),
    Rule(EDGE, "names", 53),
    Rule("front-{server}", "web", 8000, "balancer"),
    Rule("database", "relay", 3306, "database-client"),
    Rule("database", "reader", 3306, "database-client"),
    Rule("database-servers", "database", 3306, "database"),
    Rule("database-servers", "database", 3306, "relay"),
    Rule("database-servers", "database", 3306, "promoter"),
    Rule("promotion", "promoter", 3311, "relay"),
    Rule("cache", "cache-endpoint", 6379, "cache-client"),
    Rule("cache-servers", "cache", 6379, "cache"),
    Rule("cache-servers", "cache", 6379, "cache-endpoint"),
    Rule("cache-servers", "cache", 6379, "sentinel"),
    Rule("sentinels", "sentinel", 26379, "sentinel"),
    Rule("sentinels", "sentinel", 26379, "cache"),
    Rule("cloud", "cloud", 4566, "cloud-client"),
)

# The third number of each network's addresses; networks of instances follow in their tens.
SHARED_SUBNETS = {
    EDGE: 0,
    "database": 1,
    "database-servers": 2,
    "promotion": 3,
    "cache": 4,
    "cache-servers": 5,
    "sentinels": 6,
    "cloud": 7,
}
FRONT_SUBNETS = {"whatisthetime": 10, "myclothes": 20, "mywordpress": 30}


def subnet_number(network: str) -> int:
    """The third number of a network's addresses."""
    if network in SHARED_SUBNETS:
        return SHARED_SUBNETS[network]
    _, app, number = network.split("-")
    return FRONT_SUBNETS[app] + int(number)
