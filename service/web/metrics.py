"""What Prometheus asks for: requests by route and status, and how much waits (``/metrics``).

Processes that answer side by side count in files that they share, where the environment names a folder for them
(``PROMETHEUS_MULTIPROC_DIR``, see prometheus_client); whichever of them is asked adds up.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from service.store.documents import State
from service.store.opening import Store
from service.store.reading import counts

_FOLDER = "PROMETHEUS_MULTIPROC_DIR"

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60)
"""Seconds; a list is to be there within 0.1, an upload is looked at for up to a minute."""

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Metrics:
    """Numbers of one service, in a registry of their own."""

    def __init__(self) -> None:
        """All at zero."""
        self._registry = CollectorRegistry()
        labels = ("method", "route", "status")
        self._requests = Counter("formtally_requests", "Requests that were answered.", labels, registry=self._registry)
        self._seconds = Histogram(
            "formtally_request_seconds", "Until a reply began, s.", ("method", "route"), buckets=_BUCKETS, registry=self._registry
        )

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """One request; ``route`` is its template, ``seconds`` passed until the reply began."""
        known = method if method in _METHODS else "other"
        self._requests.labels(known, route, str(status)).inc()
        self._seconds.labels(known, route).observe(seconds)

    def page(self, store: Store) -> bytes:
        """Everything in Prometheus' text format, the numbers of ``store`` as they are now.

        Raises:
            StoreError: the database cannot be read.
        """
        counted, stored = self._registry, CollectorRegistry()
        if os.environ.get(_FOLDER):
            counted = CollectorRegistry()
            MultiProcessCollector(counted)  # type: ignore[no-untyped-call]
        stored.register(_Stored(counts(store).documents))
        return generate_latest(counted) + generate_latest(stored)


@dataclass(frozen=True, slots=True, eq=False)  # a registry keeps collectors by identity
class _Stored(Collector):
    """What the archive holds: the same whichever process is asked."""

    documents: dict[State, int]

    def collect(self) -> Iterator[Metric]:
        by_state = GaugeMetricFamily("formtally_documents", "Documents by state.", labels=("state",))
        for state, count in self.documents.items():
            by_state.add_metric((state.value,), count)
        yield by_state
        yield GaugeMetricFamily("formtally_queue_documents", "Documents that wait to be read.", self.documents[State.WAITING])
