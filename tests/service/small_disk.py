"""A disk that is soon full: a file system in memory, in a mount namespace of its own, which ends with the process that holds it.

Whoever is not root needs a kernel that lets users have namespaces; where neither is allowed the tests are skipped, and say so.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

_KILOBYTE = 1024


@dataclass(frozen=True, slots=True)
class SmallDisk:
    """One disk.

    Attributes:
        place: as programs in the namespace name it; elsewhere an empty folder.
        folder: the same for this process, for plain files only.
        within: starts a program in the namespace.
    """

    place: Path
    folder: Path
    within: tuple[str, ...]

    def fill(self, free: int) -> None:
        """Leave room for ``free`` kilobytes."""
        self.make_room()
        available = shutil.disk_usage(self.folder).free
        (self.folder / "ballast").write_bytes(bytes(available - free * _KILOBYTE))

    def make_room(self) -> None:
        """Take back `fill`."""
        (self.folder / "ballast").unlink(missing_ok=True)

    def forbid_writing(self, forbidden: bool) -> None:
        """Nothing can be written from now on, not even by root; or again."""
        option = "remount,ro" if forbidden else "remount,rw"
        subprocess.run([*self.within, "mount", "-o", option, str(self.place)], check=True, capture_output=True)


@contextmanager
def small_disk(place: Path, kilobytes: int) -> Iterator[SmallDisk]:
    """A new disk at ``place``, a folder that is made."""
    place.mkdir()
    root = os.geteuid() == 0
    mounted = f"mount -t tmpfs -o size={kilobytes}k,mode=700 tmpfs '{place}' && echo mounted && read -r _"
    unshare = ["unshare", "--mount", *([] if root else ["--user", "--map-root-user"]), "--", "sh", "-c", mounted]
    with subprocess.Popen(unshare, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stderr is not None
        if holder.stdout.readline() != "mounted\n":
            pytest.skip(f"NOT TESTED: no small disk can be made here ({holder.stderr.read().strip()})")
        try:
            user = () if root else ("--user", "--preserve-credentials")
            yield SmallDisk(place, Path(f"/proc/{holder.pid}/root{place}"), ("nsenter", f"--target={holder.pid}", "--mount", *user, "--"))
        finally:
            holder.kill()
