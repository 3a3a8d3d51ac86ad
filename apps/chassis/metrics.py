"""Counters in memory that all worker processes of one server share, told in Prometheus's text format.

The usual client library takes 120 ms to import and a file per process; here the master maps anonymous memory before it
forks, each process adds to a slot of its own, and whichever process is asked sums up all slots.
"""

import mmap
import threading
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence

SLOTS = 64
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
STATUSES = ("1xx", "2xx", "3xx", "4xx", "5xx")
CACHE_OUTCOMES = ("hit", "miss", "off", "broken")
PER_ENDPOINT = len(STATUSES) + len(BUCKETS) + 2
OTHER = "other"

Gauges = Callable[[], Mapping[str, float]]


class Metrics:
    """Requests and latency by endpoint, cache outcomes, database roles. Adding is safe from any thread and process."""

    def __init__(self, endpoints: Iterable[str], roles: Sequence[str], gauges: Gauges) -> None:
        self.endpoints = (*sorted(set(endpoints)), OTHER)
        self.roles = (*roles, OTHER)
        self.gauges = gauges
        self.at = {name: index * PER_ENDPOINT for index, name in enumerate(self.endpoints)}
        self.cache_at = len(self.endpoints) * PER_ENDPOINT
        self.roles_at = self.cache_at + len(CACHE_OUTCOMES)
        self.width = self.roles_at + len(self.roles)
        self.numbers = memoryview(mmap.mmap(-1, self.width * SLOTS * 8)).cast("d")
        self.lock = threading.Lock()
        self.base = 0

    def use_slot(self, slot: int) -> None:
        """Add to `slot` from now on; called in each process after the fork. A slot's earlier counts are kept."""
        self.base = (slot % SLOTS) * self.width
        self.lock = threading.Lock()

    def observe(self, endpoint: str | None, status: int, seconds: float, cache: str | None, role: str | None) -> None:
        """Count one finished request."""
        at = self.base + self.at.get(endpoint or OTHER, self.at[OTHER])
        bucket = at + len(STATUSES) + bisect_left(BUCKETS, seconds)
        numbers = self.numbers
        with self.lock:
            numbers[at + min(max(status // 100, 1), 5) - 1] += 1
            numbers[bucket] += 1
            numbers[at + PER_ENDPOINT - 1] += seconds
            if cache in CACHE_OUTCOMES:
                numbers[self.base + self.cache_at + CACHE_OUTCOMES.index(cache)] += 1
            if role:
                known = role if role in self.roles else OTHER
                numbers[self.base + self.roles_at + self.roles.index(known)] += 1

    def cache_reads(self) -> Mapping[str, int]:
        """How often the cache was a hit, a miss, off or broken in all processes of this server."""
        return {name: int(self._total(self.cache_at + i)) for i, name in enumerate(CACHE_OUTCOMES)}

    def requests(self) -> int:
        """How many requests all processes of this server have finished."""
        places = [at + status for at in self.at.values() for status in range(len(STATUSES))]
        return int(sum(map(self._total, places)))

    def text(self) -> str:
        """All processes' counts together, in Prometheus's text format."""
        totals = [self._total(i) for i in range(self.width)]
        lines = ["# TYPE http_requests_total counter", *self._requests(totals)]
        lines += ["# TYPE http_request_seconds histogram", *self._latencies(totals)]
        lines += ["# TYPE cache_reads_total counter"]
        lines += [
            f'cache_reads_total{{outcome="{outcome}"}} {totals[self.cache_at + i]:g}'
            for i, outcome in enumerate(CACHE_OUTCOMES)
        ]
        lines += ["# TYPE database_requests_total counter"]
        lines += [
            f'database_requests_total{{role="{role}"}} {totals[self.roles_at + i]:g}'
            for i, role in enumerate(self.roles)
        ]
        for name, value in self.gauges().items():
            lines += [f"# TYPE {name.partition('{')[0]} gauge", f"{name} {value:g}"]
        return "\n".join(lines) + "\n"

    def _total(self, place: int) -> float:
        return sum(self.numbers[place :: self.width])

    def _requests(self, totals: Sequence[float]) -> Iterable[str]:
        for endpoint, at in self.at.items():
            for index, status in enumerate(STATUSES):
                if totals[at + index]:
                    yield f'http_requests_total{{endpoint="{endpoint}",status="{status}"}} {totals[at + index]:g}'

    def _latencies(self, totals: Sequence[float]) -> Iterable[str]:
        for endpoint, at in self.at.items():
            counts = totals[at + len(STATUSES) : at + PER_ENDPOINT - 1]
            if not sum(counts):
                continue
            seen = 0.0
            for bound, count in zip((*map(str, BUCKETS), "+Inf"), counts, strict=True):
                seen += count
                yield f'http_request_seconds_bucket{{endpoint="{endpoint}",le="{bound}"}} {seen:g}'
            yield f'http_request_seconds_sum{{endpoint="{endpoint}"}} {totals[at + PER_ENDPOINT - 1]:.6f}'
            yield f'http_request_seconds_count{{endpoint="{endpoint}"}} {seen:g}'
