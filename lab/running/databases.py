"""The database servers of a stage: which of them takes writes now, and what they answer."""

from lab.running.architecture import Stage

# Either may lead: whoever was promoted stays the writer for the experiments that follow.
LEADERS = ("database-a", "database-b")
SQL = ("mariadb", "--no-defaults", "--socket=/run/database.sock", "--skip-column-names", "--batch", "--execute")


def writer(stage: Stage) -> str:
    """The server that takes writes now; raises LookupError if none does."""
    for name in LEADERS:
        if stage.control.containers()[name].runs and sql(stage, name, "SELECT @@read_only") == "0":
            return name
    raise LookupError("no database takes writes")


def standby(stage: Stage) -> str:
    """The server that would be promoted in its place."""
    return LEADERS[writer(stage) == LEADERS[0]]


def sql(stage: Stage, server: str, statement: str, schema: str = "mysql") -> str:
    """What a server answers, its columns parted by tabs."""
    return stage.control.execute(server, *SQL, statement, schema).strip()
