"""What the service allows its users, and what it is called from outside."""

from collections.abc import Callable
from dataclasses import dataclass

from models.limits import Limits
from postprocess.calibration import TARGET_ERROR
from service.review.policy import ONE_PERSON, Policy

LOOPBACK = ("localhost", "127.0.0.1", "::1")
"""Names of this machine to itself."""

INSPECTOR = "service.web.inspecting:OpeningReader"
"""What uploads are looked at with before they are accepted."""


_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class WebSettings:
    """One running service.

    Attributes:
        limits: what one document may cost; ``file_megabytes`` bounds a file of an upload.
        hosts: names by which requests may call this service, without port (``Host``).
        secure: it is reached over HTTPS only: cookies are never sent otherwise.
        upload_megabytes: bytes of one upload, all files together.
        upload_files: files of one upload.
        most_waiting: uploads that may wait to be read; a page takes seconds, so this is hours of work.
        documents_a_day: that one user may upload within 24 hours.
        most_exported: forms of one export.
        inspectors: processes that look at uploads.
        inspector: what they look with (`service.reader.ReaderSpec.name`).
        policy: how many people a review takes.
        target_error: share of accepted fields that may be wrong, as for reading: forms are decided again with it.
        alive: whether what reads documents is; known to the process that started it.
    """

    limits: Limits = _LIMITS
    hosts: tuple[str, ...] = LOOPBACK
    secure: bool = False
    upload_megabytes: int = 1024
    upload_files: int = 100
    most_waiting: int = 2000
    documents_a_day: int = 5000
    most_exported: int = 20_000
    inspectors: int = 2
    inspector: str = INSPECTOR
    policy: Policy = ONE_PERSON
    target_error: float = TARGET_ERROR
    alive: Callable[[], bool] = lambda: True

    @property
    def upload_bytes(self) -> int:
        """The most one upload may have."""
        return self.upload_megabytes * 1_000_000
