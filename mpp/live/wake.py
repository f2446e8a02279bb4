"""Redis only wakes the other processes: without it, each looks at the log once a second anyway."""

import threading
from collections.abc import Callable

import structlog
from redis import Redis
from redis.exceptions import RedisError

from mpp.db import Database

CHANNEL = "mpp:news"
TIMEOUT_S = 0.5
REST_S = 2.0
log = structlog.get_logger()


class Wake:
    """Two threads: one says that something was committed here, one hears that it was elsewhere."""

    def __init__(self, url: str, woken: Callable[[], object]) -> None:
        self._woken = woken
        self._something = threading.Event()
        self._teller = Redis.from_url(url, socket_timeout=TIMEOUT_S, socket_connect_timeout=TIMEOUT_S)
        self._hearer = Redis.from_url(url, socket_timeout=None, socket_connect_timeout=TIMEOUT_S)

    def start(self, db: Database) -> None:
        db.listeners.append(lambda mall_id, seq: self._something.set())
        for tx in (self._tell, self._hear):
            threading.Thread(target=tx, name=f"wake{tx.__name__}", daemon=True).start()

    def _tell(self) -> None:
        while True:
            self._something.wait()
            self._something.clear()
            try:
                self._teller.publish(CHANNEL, b"1")
            except RedisError as error:
                log.warning("redis_away", cause=repr(error))
                threading.Event().wait(REST_S)

    def _hear(self) -> None:
        while True:
            try:
                with self._hearer.pubsub(ignore_subscribe_messages=True) as pubsub:  # type: ignore[no-untyped-call]
                    pubsub.subscribe(CHANNEL)
                    for _ in pubsub.listen():
                        self._woken()
            except RedisError as error:
                log.warning("redis_away", cause=repr(error))
                threading.Event().wait(REST_S)
