"""The `/screen` namespace: who may listen, which rooms they hear, and what is true when they come."""

import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import NamedTuple

from flask import request

from mpp import clock
from mpp.auth import DISPLAYS, STAFF
from mpp.container import Container
from mpp.domain.errors import NotAllowed, RuleBroken, TooMany, UnknownKey, UnknownZone
from mpp.domain.mall import Mall
from mpp.domain.principal import Principal
from mpp.encoding import plain_row
from mpp.live.sockets import ConnectionRefusedError, Namespace, join_room
from mpp.queries.boards import board
from mpp.queries.malls import mall
from mpp.queries.reading import Reading

MOST_PER_KEY = 200
ALL_TAKEN = "Sudah terlalu banyak layar tersambung. Tutup layar yang tidak dipakai, lalu coba lagi."
# A connection that has not shown a key within this time is closed.
STRANGER_S = 4.0


class Listener(NamedTuple):
    """Who listens, and the way (key or session) and the key that they came with."""

    principal: Principal
    way: str
    key: str


class Screen(Namespace):  # type: ignore[misc]
    """Listen only. The server joins the rooms: a display's zones, a person's agency or the whole mall."""

    allowed = (*DISPLAYS, *STAFF)

    def __init__(self, namespace: str, container: Container) -> None:
        super().__init__(namespace)
        self._container = container
        self._listeners: dict[str, Listener] = {}
        self._strangers: dict[str, float] = {}
        self._lock = threading.Lock()

    def trigger_event(self, event: str, *args: object) -> object:
        """Only the library says who comes and goes; whatever a client says, these words too, is not heard."""
        manager, sid = self.socketio.server.manager, args[0]
        if event in ("connect", "disconnect") and not manager.is_connected(sid, self.namespace):
            return super().trigger_event(event, *args)
        return self.socketio.server.not_handled

    def on_connect(self, auth: object = None) -> None:
        given = auth if isinstance(auth, Mapping) else {}
        try:
            listener = self._identify(given)
            self._admit(listener)
            self._welcome(listener.principal, given.get("zone"))
        except RuleBroken as error:
            self._forget()
            said = {"code": error.code, "detail": error.detail}
            raise ConnectionRefusedError(error.detail, said) from error
        except BaseException:
            self._forget()
            raise

    def on_disconnect(self, _reason: object = None) -> None:
        self._forget()

    def listeners(self) -> dict[str, Listener]:
        """Who listens now, by socket."""
        with self._lock:
            return dict(self._listeners)

    def anybody_in(self, room: str) -> bool:
        """Whether a socket of this process listens in a room."""
        rooms = self.socketio.server.manager.rooms.get(self.namespace, {})
        return bool(rooms.get(room))

    def turn_out(self) -> None:
        """Disconnect whoever was removed, disabled or signed out since they came."""
        for sid, (_, way, key) in self.listeners().items():
            try:
                self._known(way, key)
            except UnknownKey:
                self.disconnect(sid)
        self._show_strangers_out()

    def _show_strangers_out(self) -> None:
        """Close lines that never came in, or stayed after they were turned out: each holds a thread."""
        server, now = self.socketio.server, time.monotonic()
        lines = dict(server.eio.sockets)
        known = self._strangers
        self._strangers = {
            line: known.get(line, now)
            for line in lines
            if server.manager.sid_from_eio_sid(line, self.namespace) is None
        }
        for line, since in self._strangers.items():
            if now - since > STRANGER_S:
                lines[line].close(wait=False)

    def _forget(self) -> None:
        with self._lock:
            self._listeners.pop(request.sid, None)  # type: ignore[attr-defined]

    def _identify(self, given: Mapping[object, object]) -> Listener:
        """By the key that was given, else by a cookie; who names a zone is a display if they can be one."""
        key, container = given.get("key"), self._container
        if isinstance(key, str) and key:
            return Listener(container.authenticator.by_key(key), "key", key)
        ways = [("session", container.session_cookie), ("key", container.display_cookie)]
        for way, name in reversed(ways) if given.get("zone") else ways:
            if cookie := request.cookies.get(name):
                with suppress(UnknownKey):
                    return Listener(self._known(way, cookie), way, cookie)
        raise UnknownKey

    def _known(self, way: str, key: str) -> Principal:
        authenticator = self._container.authenticator
        return authenticator.by_key(key) if way == "key" else authenticator.by_session(key)

    def _admit(self, listener: Listener) -> None:
        if not listener.principal.passes(self.allowed):
            raise NotAllowed
        with self._lock:
            alike = sum(
                1 for other in self._listeners.values() if other.principal.actor == listener.principal.actor
            )
            if alike >= MOST_PER_KEY or not self._place():
                raise TooMany(ALL_TAKEN)
            self._listeners[request.sid] = listener  # type: ignore[attr-defined]

    def _place(self) -> bool:
        """Whether the server bears one more screen; only a known one counts as such."""
        connection = request.environ.get("mpp.connection")
        return connection is None or connection.admit()

    def _welcome(self, found: Principal, zone: object) -> None:
        self._container.nights.end()
        with self._container.db.reading() as session:
            here = mall(session, found.mall_id)
        if found.kind != "display":
            join_room(staff_room(found))
            return
        known = [code for code in found.zones if code in here.zones]
        codes = [code for code in known if zone in (None, code)]
        if zone is not None and not codes:
            raise UnknownZone
        for code in codes:
            join_room(zone_room(here, code))
        for code in codes:
            self._snapshot(here, code)

    def _snapshot(self, here: Mall, code: str) -> None:
        with self._container.db.reading() as session:
            shown = board(Reading.of(session, here, clock.now()), code)
        self.emit("snapshot", plain_row(shown), room=request.sid)  # type: ignore[attr-defined]


def zone_room(here: Mall, code: str) -> str:
    return f"zone:{here.zones[code].id}"


def staff_room(found: Principal) -> str:
    return f"agency:{found.agency_id}" if found.agency_id else f"mall:{found.mall_id}"
