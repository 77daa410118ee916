"""What Prometheus asks for: requests by route and status, and how much waits (``/metrics``)."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from service.store.documents import State
from service.store.opening import Store
from service.store.reading import counts

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60)
"""Seconds; a list is to be there within 0.1, an upload is looked at for up to a minute."""

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Metrics:
    """Numbers of one application, in a registry of their own."""

    def __init__(self) -> None:
        """All at zero."""
        self._registry = CollectorRegistry()
        labels = ("method", "route", "status")
        self._requests = Counter("formtally_requests", "Requests that were answered.", labels, registry=self._registry)
        self._seconds = Histogram(
            "formtally_request_seconds", "Until a reply began, s.", ("method", "route"), buckets=_BUCKETS, registry=self._registry
        )
        self._documents = Gauge("formtally_documents", "Documents by state.", ("state",), registry=self._registry)
        self._queue = Gauge("formtally_queue_documents", "Documents that wait to be read.", registry=self._registry)

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
        now = counts(store).documents
        for state, count in now.items():
            self._documents.labels(state.value).set(count)
        self._queue.set(now[State.WAITING])
        return generate_latest(self._registry)
