"""What this machine offers: how many workers make sense here."""

import os
from pathlib import Path

_MEGABYTES_A_WORKER = 1024
"""Room to leave for each worker; one holds 500 to 700 MB."""


def sensible_workers() -> int:
    """As many as there are processor cores this process may use, but no more than fit into free memory; at least 1."""
    return max(1, min(usable_cores(), free_megabytes() // _MEGABYTES_A_WORKER))


def usable_cores(quota: Path = Path("/sys/fs/cgroup/cpu.max")) -> int:
    """Cores this process may run on, a container's quota (cgroup v2) included; at least 1."""
    cores = len(os.sched_getaffinity(0))
    try:
        allowance, period = quota.read_text("ascii").split()
    except (OSError, ValueError):
        return cores
    return cores if allowance == "max" else max(1, min(cores, int(allowance) // int(period)))


def free_megabytes(memory: Path = Path("/proc/meminfo")) -> int:
    """Memory that can be had without swapping, MB."""
    try:
        lines = memory.read_text("ascii").splitlines()
    except OSError:
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2**20
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("MemAvailable:"))


def resident_megabytes(process: int) -> int:
    """Memory that the process with this id holds now, MB; 0 where it is gone."""
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text("ascii").split()[1])
    except (OSError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE") // 2**20
