"""What time it is, and whether the clock of this machine can be believed."""

import time as system
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

BUILT = datetime(2026, 11, 1, tzinfo=UTC)
LEAP = timedelta(hours=12)

_source: Callable[[], datetime] | None = None
_running: Callable[[], float] | None = None


def now() -> datetime:
    """The time in UTC, with its zone."""
    return _source() if _source else datetime.now(UTC)


def use(source: Callable[[], datetime] | None, running: Callable[[], float] | None = None) -> None:
    """Let another source tell the time, and how long the machine runs; None returns to the machine's own."""
    global _source, _running
    _source, _running = source, running


def uptime() -> float:
    """Seconds since this machine started, sleep included; nobody can set this clock."""
    return _running() if _running else system.clock_gettime(system.CLOCK_BOOTTIME)


@cache
def boot() -> str:
    """Which start of this machine it is."""
    path = Path("/proc/sys/kernel/random/boot_id")
    return path.read_text().strip() if path.exists() else ""


def leapt(then: datetime, then_uptime: float, then_boot: str) -> bool:
    """Whether the wall clock ran over 12 h ahead of the machine's uptime since `then`."""
    if then_boot != boot() or not then_boot:
        return False
    return (now() - then) - timedelta(seconds=uptime() - then_uptime) > LEAP
