"""The screens of this process, told what is committed: each room hears what it may."""

import time
from collections.abc import Sequence

import structlog

from mpp.domain.entry import Document, Entry
from mpp.domain.mall import Mall
from mpp.live.follower import Committed, Head, Subscriber
from mpp.live.news import ELSEWHERE, changed, heard_by, news, shown_in
from mpp.live.screen import Screen, zone_room
from mpp.live.sockets import SocketIO

HEARTBEAT_S, DOOR_CHECK_S = 5.0, 2.0
log = structlog.get_logger()


class Screens(Subscriber):
    """Tells every entry to the rooms in which somebody listens, and every 5 s where the log stands."""

    def __init__(self, socketio: SocketIO, screen: Screen) -> None:
        self._socketio, self._screen = socketio, screen
        self._beat_at: dict[int, float] = {}
        self._door_check_at = 0.0

    def heard(self, mall: Mall, entries: Sequence[Committed]) -> None:
        for entry in entries:
            try:
                self._tell(mall, entry.read())
            except (LookupError, TypeError, ValueError) as error:  # screens ask again when one is missing
                log.error("news_untold", seq=entry.seq, cause=repr(error))

    def looked(self, mall: Mall, head: Head) -> None:
        now = time.monotonic()
        if now - self._beat_at.get(mall.mall_id, 0.0) >= HEARTBEAT_S:
            self._beat_at[mall.mall_id] = now
            self._beat(mall, head)
        if now - self._door_check_at >= DOOR_CHECK_S:
            self._door_check_at = now
            self._screen.turn_out()

    def _tell(self, here: Mall, entry: Entry) -> None:
        told = news(here, entry)
        for zone, previous in entry.zones.items():
            if zone in here.zones:
                shown = shown_in(zone, entry, told)
                name, heard = (entry.event, told) if shown else (ELSEWHERE, changed(here, entry))
                self._emit(name, {**heard, "zone": zone, "prev": previous}, zone_room(here, zone))
        for agency in here.agencies.values():
            if heard_by(agency, entry):
                self._emit(entry.event, told, f"agency:{agency.id}")
        self._emit(entry.event, told, f"mall:{here.mall_id}")

    def _beat(self, here: Mall, head: Head) -> None:
        for code in here.zones:
            self._emit("heartbeat", {"seq": head.zone_seqs.get(code, 0), "zone": code}, zone_room(here, code))
        for room in (f"mall:{here.mall_id}", *(f"agency:{agency.id}" for agency in here.agencies.values())):
            self._emit("heartbeat", {"seq": head.seq}, room)

    def _emit(self, event: str, document: Document, room: str) -> None:
        if self._screen.anybody_in(room):
            self._socketio.emit(event, document, to=room, namespace="/screen")
