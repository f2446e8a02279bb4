"""One client's connection: what has come of its next request, since when, and where it stands."""

import socket
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from gunicorn.config import Config
from gunicorn.http import get_parser
from gunicorn.workers.gthread import TConn

from mpp.worker.buffer import RequestBuffer, Whole
from mpp.worker.lanes import Lane

PIECE = 16_384


class Connection(TConn):  # type: ignore[misc]
    """Threads read whole requests out of memory; only a WebSocket reads from the line itself."""

    def __init__(self, cfg: Config, line: socket.socket, client: tuple[str, int], server: Any) -> None:
        super().__init__(cfg, line, client, server)
        self.data_ready = self.initialized = True
        self.buffer = RequestBuffer()
        self.address = client[0]
        self.lane: Lane[Connection] | None = None
        self.request: Whole | None = None
        self.leaving = False
        self.since = time.monotonic()
        self.admit: Callable[[], bool] = lambda: True

    def read(self) -> bytes | None:
        """What has come: None when nothing new, b"" when the client is gone."""
        try:
            piece: bytes = self.sock.recv(PIECE, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return None
        except OSError:
            return b""
        return piece

    def tell(self, words: bytes) -> None:
        """Say it if the line takes it at once; a client that does not listen is not waited for."""
        with suppress(OSError):
            self.sock.send(words, socket.MSG_DONTWAIT)

    def begin(self, request: Whole, forwarded: bool) -> None:
        """This whole request is the one to answer now."""
        self.request = request
        self.since = time.monotonic()
        if forwarded and request.head.forwarded_for:
            self.address = request.head.forwarded_for
        self.parser = get_parser(self.cfg, [request.raw], self.client)

    def hang_up(self) -> None:
        """End both ways at once: who holds the line wakes up."""
        with suppress(OSError):
            self.sock.shutdown(socket.SHUT_RDWR)
