"""What a measurement of several parts has found, and what it claims of that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lab import figures
from lab.crew import Tally


@dataclass
class Findings:
    """Columns of figures, printed as they come, and claims, told at the end."""

    kept: dict[str, object] = field(default_factory=dict)
    claims: list[tuple[str, float, float]] = field(default_factory=list)

    def table(self, columns: Mapping[str, Sequence[float]]) -> None:
        """Print and keep each column."""
        figures.table([(name, values, "") for name, values in columns.items()])
        self.kept.update(columns)

    def claim(self, claim: str, figure: float, most: float) -> None:
        """Hold that a figure is at most this."""
        self.claims.append((claim, figure, most))

    def errors(self, who: str, tally: Tally) -> None:
        """Print what went wrong, so that nobody has to run it again to know."""
        for error, count in tally.errors.most_common(3):
            print(f"  {who}: {count} x {error}")
