"""The kiosk's process: one embedded server on loopback, its threads started exactly once."""

import fcntl
import os
import signal
import socket
from pathlib import Path
from typing import IO

from flask import Flask
from gunicorn.app.base import BaseApplication

from kiosk.app import create_app
from kiosk.container import Kiosk, Settings


class CannotStart(Exception):
    """Why the kiosk does not run, in one sentence for whoever started it."""


def claim(folder: Path) -> IO[str]:
    """The folder belongs to one kiosk at a time; raises CannotStart when it is taken or not writable."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = (folder / "lock").open("w")
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise CannotStart(f"another kiosk works in {folder}; choose another folder with --data") from error
    except OSError as error:
        raise CannotStart(f"the folder {folder} cannot be used: {error.strerror}") from error
    os.set_inheritable(lock.fileno(), True)
    return lock


def listen(port: int) -> int:
    """The kiosk's port on loopback, open; raises CannotStart when somebody else has it."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
        listener.listen(64)
    except OSError as error:
        listener.close()
        raise CannotStart(f"port {port} cannot be used: {error.strerror}") from error
    return listener.detach()


class Runner(BaseApplication):  # type: ignore[misc]
    """gunicorn with one worker process, in which the kiosk lives."""

    def __init__(self, settings: Settings, listener: int) -> None:
        self._settings = settings
        self._listener = listener
        self._kiosk: Kiosk | None = None
        super().__init__()

    def load_config(self) -> None:
        options = {
            "bind": f"fd://{self._listener}",
            "workers": 1,
            "worker_class": "gthread",
            "threads": 16,
            "timeout": 60,
            "graceful_timeout": 20,
            "keepalive": 75,
            "loglevel": "warning",
            "control_socket_disable": True,
            "when_ready": self._announce,
            "post_worker_init": self._begin,
            "worker_exit": self._end,
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        self._kiosk = Kiosk(self._settings)
        return create_app(self._kiosk)

    def _announce(self, arbiter: object) -> None:
        print(f"kiosk: http://127.0.0.1:{self._settings.port}/", flush=True)  # noqa: T201

    def _begin(self, worker: object) -> None:
        # Ctrl-C reaches every process of a terminal; only the first one is to act on it.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        if self._kiosk:
            self._kiosk.start()

    def _end(self, arbiter: object, worker: object) -> None:
        signal.signal(signal.SIGQUIT, signal.SIG_IGN)
        if self._kiosk:
            self._kiosk.stop()
            self._kiosk = None
