"""The server program: gunicorn, embedded, with threads or gevent as set."""

import ctypes
import gc
import os
import sys
from collections.abc import Callable
from typing import Any

import structlog
from flask import Flask
from gunicorn.app.base import BaseApplication

from mpp.db import Database
from mpp.settings import Settings
from mpp.soundness import require_sound
from mpp.worker.places import Places
from mpp.worker.threads import Worker

# Who holds the mall's lock waits for the database several times; others must hand the interpreter back.
SWITCH_INTERVAL_S = 0.0005
STOP_WITHIN_S = 2
M_ARENA_MAX = -8
log = structlog.get_logger()


class Server(BaseApplication):  # type: ignore[misc]
    """One installation's server; the app is built in each worker."""

    def __init__(self, settings: Settings, ready: Callable[[], None] | None = None) -> None:
        self.settings = settings
        self._ready = ready or (lambda: None)
        super().__init__()

    def load_config(self) -> None:
        for name, value in options(self.settings).items():
            self.cfg.set(name, value)
        self.cfg.set("post_worker_init", self._say_ready)

    def _say_ready(self, worker: Any) -> None:
        """Only a worker that has loaded is ready, and only the first one says so."""
        if worker.age == 1:
            self._ready()

    def load(self) -> Flask:
        from mpp.app import create_app

        if self.settings.async_mode == "threads":
            sys.setswitchinterval(SWITCH_INTERVAL_S)
            _few_arenas()
        app, _ = create_app(self.settings)
        app.extensions["mpp"].scheduler.start()
        return app


def _few_arenas() -> None:
    """Hundreds of threads share two pools of memory instead of taking one each for good (glibc only)."""
    libc = ctypes.CDLL(None)
    if hasattr(libc, "mallopt"):
        libc.mallopt(M_ARENA_MAX, 2)


def options(settings: Settings) -> dict[str, Any]:
    """Gunicorn's settings. A socket holds a thread, a request only while it is answered."""
    places = Places.of(settings)
    return {
        "bind": settings.bind,
        "workers": settings.workers,
        "worker_class": Worker,
        "threads": places.threads,
        "worker_connections": places.connections,
        "backlog": 1_024,
        "keepalive": 30,
        "timeout": 60,
        "graceful_timeout": STOP_WITHIN_S,
        "control_socket_disable": True,
        "loglevel": "warning",
        "errorlog": "-",
        "proc_name": "mpp",
    }


def serve(settings: Settings, ready: Callable[[], None] | None = None) -> None:
    """Serve until told to stop. Raises `Unsound` and `UnsafeDatabase` before anything is bound."""
    if settings.async_mode == "gevent":
        _begin_again_with_gevent()
    db = Database(settings)
    for sentence in require_sound(db):
        log.error("unsound", sentence=sentence)
    db.writer.dispose()
    db.reader.dispose()
    settings.key_for("start")
    _share_what_never_changes()
    Server(settings, ready).run()


def _share_what_never_changes() -> None:
    """Import before the workers are forked, and keep the collector's hands off it: they share these pages."""
    import mpp.app  # noqa: F401 (for its memory, not its names)

    gc.collect()
    gc.freeze()


def _begin_again_with_gevent() -> None:
    """Replace this process by itself with everything patched before its first import: later is too late."""
    if "gevent.monkey" not in sys.modules:
        os.execv(sys.executable, [sys.executable, "-m", "gevent.monkey", *sys.argv])  # noqa: S606 (our own words)
