"""Who may connect to whom: the security groups. Networks and addresses follow from this table, and so do the tests.

Each service belongs to groups. A rule lets one group connect to a port of another one, on one network; whoever is on
both sides of no rule of a network is not on it. A network that is named after its server is one per server, which has
it alone with the clients.
"""

from dataclasses import dataclass

# These have a way out of the machine's own networks, for only so can a port be published; all others have none.
PUBLISHED = ("edge", "names")


@dataclass(frozen=True, slots=True)
class Rule:
    """`clients` may connect to `port` of `servers`; no client means that only this machine's own visitors do.

    `in_zone` lets them connect to the servers of their own zone alone.
    """

    network: str
    servers: str
    port: int
    clients: str = ""
    in_zone: bool = False

    def network_of(self, server: str) -> str:
        """The name of the network on which this server is reached."""
        return self.network.format(server=server)


RULES = (
    Rule("edge", "balancer", 8080),
    Rule("edge", "balancer", 8404),
    Rule("names", "names", 53),
    Rule("health", "balancer", 8404, "names"),
    Rule("front-{server}", "web", 8000, "balancer"),
    Rule("to-{server}", "relay", 3306, "database-client", in_zone=True),
    Rule("to-{server}", "reader", 3306, "database-client"),
    Rule("to-{server}", "cache-endpoint", 6379, "cache-client", in_zone=True),
    Rule("database-servers", "database", 3306, "database"),
    Rule("database-servers", "database", 3306, "relay"),
    Rule("database-servers", "database", 3306, "promoter"),
    Rule("promotion", "promoter", 3311, "relay"),
    Rule("cache-servers", "cache", 6379, "cache"),
    Rule("cache-servers", "cache", 6379, "cache-endpoint"),
    Rule("cache-servers", "cache", 6379, "sentinel"),
    Rule("sentinels", "sentinel", 26379, "sentinel"),
    Rule("sentinels", "sentinel", 26379, "cache"),
    Rule("cloud", "cloud", 4566, "cloud-client"),
)

# The third number of each network's addresses; those of instances follow in their tens.
SUBNETS = {
    "edge": 0,
    "names": 1,
    "health": 2,
    "database-servers": 3,
    "promotion": 4,
    "cache-servers": 5,
    "sentinels": 6,
    "cloud": 7,
    "to-relay-a": 41,
    "to-relay-b": 42,
    "to-database-reader": 43,
    "to-cache-endpoint-a": 44,
    "to-cache-endpoint-b": 45,
}
FRONT_SUBNETS = {"whatisthetime": 10, "myclothes": 20, "mywordpress": 30}


def subnet_number(network: str) -> int:
    """The third number of a network's addresses."""
    if network in SUBNETS:
        return SUBNETS[network]
    _, app, number = network.split("-")
    return FRONT_SUBNETS[app] + int(number)
