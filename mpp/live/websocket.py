"""A WebSocket that ends when it is told to, whatever its client does or sends."""

import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import simple_websocket
from engineio.packet import MESSAGE
from engineio.packet import Packet as EnginePacket
from socketio.packet import CONNECT, DISCONNECT, Packet
from wsproto.utilities import RemoteProtocolError

from mpp.live.sockets import SocketIO

# A client answers the server's ping every 5 s; one that is silent so long, or takes nothing, is gone.
SILENT_S = 15.0
COME_AND_GO = (CONNECT, DISCONNECT)
NONSENSE = (ValueError, TypeError, LookupError, RecursionError)
BAD_HANDSHAKE = b"Ini bukan permintaan WebSocket.\n"


class Line(simple_websocket.Server):  # type: ignore[misc]
    """The frames on a connection; what is no frame ends it, and is nobody's bug."""

    def _thread(self) -> None:
        try:
            super()._thread()
        except RemoteProtocolError:
            self.sock.close()
        finally:  # whoever waits for the next frame must not wait on
            self.connected = False
            self.event.set()


class Listening:
    """Goes before engine.io's own WebSocket class of a mode, in threads or gevent. Clients only listen."""

    app: Callable[[Any], Any]
    server_args: dict[str, Any]
    ws: Line
    most_bytes: int

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        environ["gunicorn.socket"].settimeout(SILENT_S)
        try:
            self.ws = Line(environ, max_message_size=self.most_bytes, **self.server_args)
        except (RemoteProtocolError, simple_websocket.ConnectionError):
            start_response("400 Bad Request", [("Content-Type", "text/plain; charset=utf-8")])
            return [BAD_HANDSHAKE]
        self.app(self)
        raise StopIteration  # to gunicorn: the connection is used up

    def wait(self) -> str | bytes | None:
        """The next words about coming and going; others are passed over, nonsense is a farewell."""
        while said := self._frame():
            try:
                frame = EnginePacket(encoded_packet=said)
                if (
                    frame.packet_type != MESSAGE
                    or Packet(encoded_packet=frame.data).packet_type in COME_AND_GO
                ):
                    return said
            except NONSENSE:
                return None
        return None

    def _frame(self) -> str | bytes | None:
        try:
            frame: str | bytes | None = self.ws.receive()
        except simple_websocket.ConnectionClosed:
            return None
        return frame

    def close(self) -> None:
        """Say goodbye and cut the line: a client that does not answer would hold its threads for ever."""
        with suppress(OSError):
            if self.ws.connected:
                self.ws.close()
        with suppress(OSError):
            self.ws.sock.shutdown(socket.SHUT_RDWR)


def install(socketio: SocketIO) -> None:
    """Let this server speak through a WebSocket that can be cut."""
    engine = socketio.server.eio
    bounds = {"most_bytes": engine.max_http_buffer_size}
    websocket = type("WebSocket", (Listening, engine._async["websocket"]), bounds)
    engine._async = {**engine._async, "websocket": websocket}
