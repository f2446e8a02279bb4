"""A bad line between a client and a server: a TCP proxy that delays, swallows, resets and cuts on demand."""

import asyncio
import contextlib
import socket
import struct
import threading
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

CHUNK = 65536


@dataclass
class Line:
    """How the line behaves now; may be changed while connections are open."""

    delay: float = 0.0  # seconds added to every piece, each way
    swallow_requests: bool = False  # what the client sends never arrives
    swallow_answers: bool = False  # what the server says never arrives
    reset_after: int | None = None  # bytes of answer, then a reset
    cut_after: int | None = None  # bytes of answer, then a quiet end
    refuse: bool = False  # new connections are reset at once
    slow: int | None = None  # bytes a second of answer


class Proxy:
    """Listens on a port of its own and speaks to `port` on this machine, through `line`."""

    def __init__(self, port: int) -> None:
        self.line = Line()
        self.connections = 0
        self._target = port
        self._open: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._server = self._ask(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.port: int = self._server.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def heal(self) -> None:
        """A good line from now on."""
        self.line = Line()

    def reset_all(self) -> None:
        """Reset every open connection now."""

        async def reset() -> None:
            for writer in list(self._open):
                _reset(writer)

        self._ask(reset())

    def close(self) -> None:
        async def end() -> None:
            self._server.close()
            for writer in list(self._open):
                writer.transport.abort()
            for task in asyncio.all_tasks() - {asyncio.current_task()}:
                task.cancel()

        self._ask(end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    def __enter__(self) -> "Proxy":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _ask(self, intent: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(intent, self._loop).result(10)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        if self.line.refuse:
            _reset(writer)
            return
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            _reset(writer)
            return
        self._open |= {writer, back}
        with contextlib.suppress(OSError, asyncio.CancelledError):
            await asyncio.gather(self._requests(reader, back), self._answers(there, writer))
        self._open -= {writer, back}
        writer.close()
        back.close()

    async def _requests(self, reader: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        while piece := await reader.read(CHUNK):
            await asyncio.sleep(self.line.delay)
            if not self.line.swallow_requests:
                back.write(piece)
                await back.drain()
        if back.can_write_eof():
            back.write_eof()

    async def _answers(self, there: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        sent = 0
        while piece := await there.read(self.line.slow or CHUNK):
            line = self.line
            await asyncio.sleep(line.delay + (len(piece) / line.slow if line.slow else 0))
            if line.swallow_answers:
                continue
            limit = line.reset_after if line.reset_after is not None else line.cut_after
            writer.write(piece if limit is None else piece[: max(0, limit - sent)])
            await writer.drain()
            sent += len(piece)
            if limit is not None and sent >= limit:
                _reset(writer) if line.reset_after is not None else writer.close()
                return
        if writer.can_write_eof():
            writer.write_eof()


def _reset(writer: asyncio.StreamWriter) -> None:
    """End a connection with RST instead of FIN."""
    line = writer.get_extra_info("socket")
    if line is not None:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
