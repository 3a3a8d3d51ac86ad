"""Metrics: counted in shared memory by many processes, told in a format that Prometheus's own parser reads."""

import os
import threading

import pytest
from prometheus_client.parser import text_string_to_metric_families

from apps.chassis.metrics import Metrics

pytestmark = pytest.mark.unit


def samples(metrics: Metrics) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    families = text_string_to_metric_families(metrics.text())
    return {(s.name, tuple(sorted(s.labels.items()))): s.value for family in families for s in family.samples}


def make() -> Metrics:
    return Metrics(["shop.index"], ["writer", "reader-1"], lambda: {'lag_seconds{reader="reader-1"}': 0.5})


def test_what_is_told_is_what_was_observed() -> None:
    metrics = make()
    metrics.observe("shop.index", 200, 0.004, "hit", "reader-1")
    metrics.observe("shop.index", 404, 20.0, None, "writer")
    found = samples(metrics)
    ok, missing = ("endpoint", "shop.index"), ("endpoint", "shop.index")
    assert found["http_requests_total", (ok, ("status", "2xx"))] == 1
    assert found["http_requests_total", (missing, ("status", "4xx"))] == 1
    assert found["http_request_seconds_bucket", (ok, ("le", "0.005"))] == 1
    assert found["http_request_seconds_bucket", (ok, ("le", "10.0"))] == 1
    assert found["http_request_seconds_bucket", (ok, ("le", "+Inf"))] == 2
    assert found["http_request_seconds_sum", (ok,)] == pytest.approx(20.004)
    assert found["cache_reads_total", (("outcome", "hit"),)] == 1
    assert found["database_requests_total", (("role", "reader-1"),)] == 1
    assert found["lag_seconds", (("reader", "reader-1"),)] == 0.5


def test_an_unknown_endpoint_or_role_makes_no_new_series() -> None:
    metrics = make()
    metrics.observe("invented", 200, 0.1, "invented", "invented")
    assert samples(metrics)["http_requests_total", (("endpoint", "other"), ("status", "2xx"))] == 1


def test_threads_and_processes_lose_no_count() -> None:
    metrics = make()
    children = []
    for slot in (1, 2):
        child = os.fork()
        if child == 0:
            metrics.use_slot(slot)
            observe_from_threads(metrics)
            os._exit(0)
        children.append(child)
    for child in children:
        assert os.waitpid(child, 0)[1] == 0
    observe_from_threads(metrics)
    key = ("http_requests_total", (("endpoint", "shop.index"), ("status", "2xx")))
    assert samples(metrics)[key] == 3 * 4 * 500


def observe_from_threads(metrics: Metrics) -> None:
    def observe() -> None:
        for _ in range(500):
            metrics.observe("shop.index", 200, 0.01, None, None)

    threads = [threading.Thread(target=observe) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
