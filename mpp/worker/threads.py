"""Gunicorn's worker of threads (light ones under gevent), for clients that may be slow, many or unkind."""

import json
import selectors
import socket
import struct
import threading
import time
from concurrent.futures import Future
from functools import partial
from typing import Any

import structlog
from gunicorn.workers.gthread import ThreadWorker

from mpp.domain.errors import Busy, RuleBroken, TooLarge, TooSlow
from mpp.worker.connection import Connection
from mpp.worker.lanes import Lane
from mpp.worker.places import Places

HEAD_S, BODY_S, IDLE_S, LEAVE_S, ANSWER_S = 10.0, 20.0, 30.0, 2.0, 10.0
# A socket whose client has not shown who it is makes room after this time when others wait for its place.
HURRY_S = 1.0
LOOK_S, TELL_S = 0.25, 10.0
MOST_BYTES = 64 * 1024 * 1024
SEND_BUFFER = 512 * 1024
ACCEPT_AT_ONCE = 64
FULL = Busy("Server sedang penuh. Coba lagi sebentar.", retry_after=5)
# A WebSocket's farewell: 1013, "try again later" (RFC 6455, section 7.4), and the sentence.
TRY_LATER = bytes([0x88, 2 + len(FULL.detail.encode())]) + (1013).to_bytes(2, "big") + FULL.detail.encode()
log = structlog.get_logger()
at_work = threading.local()


class Worker(ThreadWorker):  # type: ignore[misc]
    """A request takes a thread only when it is whole, and a place only in its own lane.

    Waiting connections are bounded: the oldest makes room for a new one. Answers leave through the kernel's
    buffer, so that a client that takes none holds no thread, or for ten seconds at most. Sockets of known
    devices and people are counted apart from those that have not shown a key.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        settings = self.app.settings
        self.bounds = Places.of(settings)
        self.worker_connections = self.bounds.connections
        self._forwarded, self._light = settings.behind_proxy, settings.async_mode == "gevent"
        self._waiting: dict[Connection, float] = {}
        self._screens: set[Connection] = set()
        self._lock = threading.Lock()
        half = self.bounds.requests // 2
        lane = partial(Lane, start=self.enqueue_req, most_waiting=self.bounds.waiting)
        self._strange, self._keyed = lane(half, half), lane(half, half)
        self._sockets = lane(self.bounds.strangers, self.bounds.strangers // 2)
        self._lanes = (self._strange, self._keyed, self._sockets)
        self._looked_at = self._told_at = 0.0
        self._refused = 0

    def init_process(self) -> None:
        seconds = struct.pack("ll", int(ANSWER_S), 0)
        for listener in self.sockets:
            listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
            listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, seconds)
        super().init_process()

    def load_wsgi(self) -> None:
        super().load_wsgi()
        self.wsgi: Any = _with_connection(self.wsgi)

    def accept(self, listener: Any) -> None:
        for _ in range(ACCEPT_AT_ONCE if self.cfg.workers == 1 else 1):
            self._make_room(self.bounds.waiting)
            try:
                line, client = listener.accept()
            except BlockingIOError:
                return
            except OSError:  # no more files, or the client is gone again
                self._refused += 1
                self._make_room(self.bounds.waiting // 2)
                return
            self.nr_conns += 1
            conn = Connection(self.cfg, line, client, listener.getsockname())
            conn.admit = partial(self._admit, conn)
            self._wait_for(conn, HEAD_S)
            self._read(conn, None)

    def handle(self, conn: Connection) -> Any:
        at_work.connection = conn
        return super().handle(conn)

    def handle_request(self, req: Any, conn: Connection) -> Any:
        request = conn.request
        req._expected_100_continue = False  # was answered while the body was awaited
        if request and request.last:
            req.force_close()
        if self._light and request and not request.head.wants_socket:
            conn.sock.settimeout(ANSWER_S)  # threads have SO_SNDTIMEO
        try:
            return super().handle_request(req, conn)
        except (TimeoutError, BlockingIOError):  # the client takes no answer
            return False

    def finish_request(self, conn: Connection, fs: "Future[Any]") -> None:
        with self._lock:
            self._screens.discard(conn)
        if conn.lane:
            conn.lane.leave(conn)
        kept = not fs.cancelled() and fs.exception() is None and fs.result()
        if not kept or (conn.request and conn.request.last):
            self._end(conn)
            return
        self._wait_for(conn, IDLE_S)
        if len(conn.buffer):
            self._look(conn)

    def enqueue_req(self, conn: Connection) -> None:
        conn.since = time.monotonic()
        try:
            super().enqueue_req(conn)
        except RuntimeError as error:  # the system gives no more threads
            log.error("no_thread", cause=repr(error))
            self.method_queue.defer(self._refuse_started, conn)

    def murder_keepalived(self, force: bool = False) -> None:
        """Part from whoever has had their time; called in every round of the loop."""
        now = time.monotonic()
        if force:
            for conn in list(self._waiting):
                self._drop(conn)
        elif now - self._looked_at >= LOOK_S:
            self._looked_at = now
            self._end_waiting(now)
            self._end_unknown_sockets(now)
            self._tell_refused(now)

    def _wait_for(self, conn: Connection, seconds: float) -> None:
        """No thread waits for what this client sends next."""
        if self._light:
            conn.sock.setblocking(False)
        self._waiting[conn] = time.monotonic() + seconds
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._read, conn))

    def _stop_waiting(self, conn: Connection) -> None:
        del self._waiting[conn]
        self.poller.unregister(conn.sock)

    def _read(self, conn: Connection, _line: Any) -> None:
        if conn not in self._waiting:  # left in this very round
            return
        piece = conn.read()
        if piece == b"":
            self._drop(conn)
        elif piece and not conn.leaving:
            begins = not len(conn.buffer)
            conn.buffer.feed(piece)
            self._look(conn, begins)

    def _look(self, conn: Connection, begins: bool = True) -> None:
        """Start the request if all of it is there, else give it its time."""
        had_head = conn.buffer.head is not None
        try:
            request = conn.buffer.take()
        except TooLarge as error:
            self._refuse(conn, error)
            return
        if request:
            self._stop_waiting(conn)
            conn.begin(request, self._forwarded)
            conn.lane = self._lane_of(conn)
            if not conn.lane.enter(conn):
                self._wait_for(conn, LEAVE_S)
                self._refuse(conn, FULL)
        elif conn.buffer.head and not had_head:
            self._give(conn, BODY_S)
            if conn.buffer.head.expects_continue:
                conn.tell(b"HTTP/1.1 100 Continue\r\n\r\n")
        elif begins:
            self._give(conn, HEAD_S)

    def _give(self, conn: Connection, seconds: float) -> None:
        """Time for the next part of a request; trickling on gives no more."""
        del self._waiting[conn]
        self._waiting[conn] = time.monotonic() + seconds

    def _lane_of(self, conn: Connection) -> Lane[Connection]:
        head = conn.request.head if conn.request else None
        if head and head.wants_socket:
            return self._sockets
        return self._keyed if head and head.shows_key else self._strange

    def _admit(self, conn: Connection) -> bool:
        """A socket has shown a good key: it counts as a screen now, if there is a place for one more."""
        with self._lock:
            if len(self._screens) >= self.bounds.screens:
                self._refused += 1
                return False
            self._screens.add(conn)
        self.method_queue.defer(self._sockets.leave, conn)
        return True

    def _end_waiting(self, now: float) -> None:
        for conn in [conn for conn, until in self._waiting.items() if until <= now]:
            if conn.leaving or not len(conn.buffer):
                self._drop(conn)
            else:
                self._refuse(conn, TooSlow())
        for lane in self._lanes:
            for conn in lane.tired(now):
                self._wait_for(conn, LEAVE_S)
                self._refuse(conn, FULL)
        while self._waiting and sum(len(conn.buffer) for conn in self._waiting) > MOST_BYTES:
            self._turn_away(max(self._waiting, key=lambda conn: len(conn.buffer)))

    def _end_unknown_sockets(self, now: float) -> None:
        if self._sockets.waiting:
            for conn in self._sockets.at_work:
                if now - conn.since > HURRY_S and conn not in self._screens:
                    conn.tell(TRY_LATER)
                    conn.hang_up()

    def _make_room(self, most: int) -> None:
        """Let go of the oldest, so that fewer than `most` wait."""
        if len(self._waiting) >= most:
            self._turn_away(next(iter(self._waiting)))

    def _turn_away(self, conn: Connection) -> None:
        """Let go of a connection at once; one with half a request hears why."""
        if len(conn.buffer) and not conn.leaving:
            conn.tell(refusal(FULL))
            self._refused += 1
        self._drop(conn)

    def _refuse(self, conn: Connection, error: RuleBroken) -> None:
        self._refused += 1
        conn.tell(refusal(error))
        self._stop_waiting(conn)
        self._close(conn)

    def _refuse_started(self, conn: Connection) -> None:
        conn.tell(refusal(FULL))
        if conn.lane:
            conn.lane.leave(conn)
        self._close(conn)

    def _end(self, conn: Connection) -> None:
        """The answer was the last one; where nothing unread is on its way, closing does not cut it."""
        if self._light:
            conn.sock.setblocking(False)
        if len(conn.buffer) or (conn.request and conn.request.last) or conn.read():
            self._close(conn)
        else:
            self._drop(conn)

    def _close(self, conn: Connection) -> None:
        """Close our side and hear the client out: a line that is cut at once takes the answer with it."""
        try:
            conn.sock.shutdown(socket.SHUT_WR)
        except OSError:
            self._drop(conn)
            return
        conn.leaving = True
        self._wait_for(conn, LEAVE_S)

    def _drop(self, conn: Connection) -> None:
        if conn in self._waiting:
            self._stop_waiting(conn)
        self.nr_conns -= 1
        conn.close()

    def _tell_refused(self, now: float) -> None:
        if self._refused and now - self._told_at >= TELL_S:
            self._told_at = now
            log.warning("refused", count=self._refused, screens=len(self._screens))
            self._refused = 0


def _with_connection(app: Any) -> Any:
    """Let the application say of a socket that it is a known device's or person's: `admit()`."""

    def answer(environ: dict[str, Any], start_response: Any) -> Any:
        environ["mpp.connection"] = at_work.connection
        return app(environ, start_response)

    return answer


def refusal(error: RuleBroken) -> bytes:
    """A whole answer with the sentence that a person reads (RFC 9457)."""
    problem = {
        "type": "about:blank",
        "title": "Tidak dapat dilayani sekarang",
        "status": error.status,
        "code": error.code,
        "detail": error.detail,
    }
    body = json.dumps(problem, ensure_ascii=False).encode()
    lines = [
        f"HTTP/1.1 {error.status} Refused",
        "Content-Type: application/problem+json",
        f"Content-Length: {len(body)}",
        "Cache-Control: no-store",
        "Connection: close",
    ]
    if error.retry_after is not None:
        lines.append(f"Retry-After: {error.retry_after:.0f}")
    return "\r\n".join([*lines, "", ""]).encode() + body
