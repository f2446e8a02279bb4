"""The server program: gunicorn, embedded, with threads or gevent as set."""

import sys
from collections.abc import Callable
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from mpp import schema
from mpp.db import Database
from mpp.settings import Settings

HTTP_THREADS = 48
SWITCH_INTERVAL_S = 0.005
STOP_WITHIN_S = 2


class Server(BaseApplication):  # type: ignore[misc]
    """One installation's server; the app is built in each worker."""

    def __init__(self, settings: Settings, ready: Callable[[], None] | None = None) -> None:
        self.settings = settings
        self._ready = ready or (lambda: None)
        super().__init__()

    def load_config(self) -> None:
        for name, value in options(self.settings).items():
            self.cfg.set(name, value)
        self.cfg.set("when_ready", lambda _: self._ready())

    def load(self) -> Flask:
        from mpp.app import create_app

        if self.settings.async_mode == "threads":
            sys.setswitchinterval(SWITCH_INTERVAL_S)
        app, _ = create_app(self.settings)
        return app


def options(settings: Settings) -> dict[str, Any]:
    """Gunicorn's settings. A socket holds a thread, so all bounds follow from the number of screens."""
    threads = settings.screens + HTTP_THREADS
    return {
        "bind": settings.bind,
        "workers": settings.workers,
        "worker_class": "gevent" if settings.async_mode == "gevent" else "gthread",
        "threads": threads,
        "worker_connections": threads + HTTP_THREADS,
        "backlog": 512,
        "keepalive": 30,
        "timeout": 60,
        "graceful_timeout": STOP_WITHIN_S,
        "control_socket_disable": True,
        "loglevel": "warning",
        "errorlog": "-",
        "proc_name": "mpp",
    }


def serve(settings: Settings, ready: Callable[[], None] | None = None) -> None:
    """Serve until told to stop. Raises `SchemaWrong` and `UnsafeDatabase` before anything is bound."""
    db = Database(settings)
    schema.require_current(db)
    db.writer.dispose()
    db.reader.dispose()
    settings.key_for("start")
    Server(settings, ready).run()
