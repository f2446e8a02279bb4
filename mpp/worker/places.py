"""How much one server process bears: from the settings, and from the files that the system lets it open."""

import resource
from dataclasses import dataclass

import structlog

from mpp.settings import Settings

REQUESTS = 48
STRANGERS = {"threads": 64, "gevent": 512}
# Without a thread: that many with no whole request, and as many again in each of the three lanes.
WAITING, SORTS_OF_WAITING = 500, 4
# What a process opens besides connections: the database, its log, the poller, fonts being read.
OTHER_FILES, ENOUGH_FILES = 100, 100_000
log = structlog.get_logger()


@dataclass(frozen=True)
class Places:
    """Known sockets, unknown ones, requests at work, and connections that wait without a thread."""

    screens: int
    strangers: int
    requests: int
    waiting: int

    @classmethod
    def of(cls, settings: Settings) -> "Places":
        """What was asked for, or less where the system gives fewer files; says so."""
        files = _most_files() - OTHER_FILES - REQUESTS
        strangers = min(STRANGERS[settings.async_mode], max(8, files // 8))
        waiting = min(WAITING, max(16, files // 8))
        screens = min(settings.screens, max(1, files - strangers - SORTS_OF_WAITING * waiting))
        if screens < settings.screens:
            log.warning("fewer_screens", asked=settings.screens, screens=screens, files=files)
        return cls(screens, strangers, REQUESTS, waiting)

    @property
    def threads(self) -> int:
        return self.screens + self.strangers + self.requests

    @property
    def connections(self) -> int:
        """Never reached: the oldest of the waiting makes room before, and lanes bound the rest."""
        return self.threads + 2 * SORTS_OF_WAITING * self.waiting


def _most_files() -> int:
    """Open as many as the system allows at most."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most == resource.RLIM_INFINITY:
        return ENOUGH_FILES
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return min(most, ENOUGH_FILES)
