"""Flask-SocketIO without the parts of its libraries that this server never uses: 11 MB in every process."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def _left_out(*names: str) -> Iterator[None]:
    """Optional libraries that are looked for in here are not found; whoever needs one later imports it."""
    absent = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(absent))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]


# Its message queues (Redis only wakes us, mpp/live/wake.py) and its client for outgoing connections.
with _left_out("redis", "valkey", "requests", "aiohttp", "kombu", "aio_pika"):
    from flask_socketio import ConnectionRefusedError, Namespace, SocketIO, join_room

__all__ = ["ConnectionRefusedError", "Namespace", "SocketIO", "join_room"]
