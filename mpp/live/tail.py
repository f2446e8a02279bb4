"""Each server process follows the log and tells its own screens; being woken only makes it faster."""

import json
import threading
import time
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from mpp.container import Container
from mpp.domain.base import table
from mpp.domain.errors import Busy
from mpp.domain.log import Event, MallLog
from mpp.domain.mall import Mall
from mpp.live.news import ELSEWHERE, EVERYWHERE, FOR_DISPLAYS, changed, news
from mpp.live.screen import Screen, zone_room
from mpp.live.sockets import SocketIO
from mpp.queries.malls import mall

EVENT, LOG = table(Event), table(MallLog)
LOOK_S, HEARTBEAT_S, DOOR_CHECK_S = 1.0, 5.0, 2.0
# After a look, what is committed within this time is read in the next one; a single change is told at once.
APART_S = 0.05
MOST_AT_ONCE = 500
log = structlog.get_logger()


class Tail:
    """Follows the log of every mall from where it stood when this process started."""

    def __init__(self, container: Container, socketio: SocketIO, screen: Screen) -> None:
        self._container, self._socketio, self._screen = container, socketio, screen
        self._woken, self._pause = threading.Event(), threading.Event()
        self._told: dict[int, int] = {}
        self._looked_at = self._heartbeat_at = self._door_check_at = 0.0
        container.db.listeners.append(lambda mall_id, seq: self._woken.set())
        if container.settings.redis_url:
            from mpp.live.wake import Wake  # brings the Redis client, which a server alone does without

            Wake(container.settings.redis_url, self._woken.set).start(container.db)

    def start(self) -> None:
        with self._container.db.reading() as session:
            self._told = {row.mall_id: row.seq for row in session.execute(select(LOG.c.mall_id, LOG.c.seq))}
        threading.Thread(target=self._follow, name="tail", daemon=True).start()

    def _follow(self) -> None:
        while True:
            self._woken.wait(LOOK_S)
            self._pause.wait(self._looked_at + APART_S - time.monotonic())
            self._woken.clear()
            self._looked_at = time.monotonic()
            try:
                self._look()
            except (Busy, SQLAlchemyError) as error:
                log.warning("tail_waits", cause=repr(error.__cause__ or error))

    def _look(self) -> None:
        now = time.monotonic()
        with self._container.db.reading() as session:
            heads = session.execute(
                select(LOG.c.mall_id, LOG.c.seq, LOG.c.zone_seqs, LOG.c.plan_version)
            ).all()
            for head in heads:
                here = mall(session, head.mall_id, head.plan_version)
                self._tell_new(session, here, head.seq)
                if now - self._heartbeat_at >= HEARTBEAT_S:
                    self._beat(here, head.seq, head.zone_seqs)
        if now - self._heartbeat_at >= HEARTBEAT_S:
            self._heartbeat_at = now
        if now - self._door_check_at >= DOOR_CHECK_S:
            self._door_check_at = now
            self._screen.turn_out()

    def _tell_new(self, session: Session, here: Mall, seq: int) -> None:
        # An older log may have been restored in place of the one that was told.
        told = self._told[here.mall_id] = min(self._told.get(here.mall_id, 0), seq)
        while told < seq:
            rows = session.execute(
                select(EVENT.c.seq, EVENT.c.at, EVENT.c.agency, EVENT.c.sealed)
                .where(EVENT.c.mall_id == here.mall_id, EVENT.c.seq > told)
                .order_by(EVENT.c.seq)
                .limit(MOST_AT_ONCE)
            ).all()
            for row in rows:
                try:
                    self._tell(here, row.at, row.agency, json.loads(row.sealed))
                except (LookupError, TypeError, ValueError) as error:  # screens ask again when one is missing
                    log.error("news_untold", seq=row.seq, cause=repr(error))
            told = rows[-1].seq if rows else seq
            self._told[here.mall_id] = told

    def _tell(self, here: Mall, at: datetime, agency: str | None, entry: dict[str, Any]) -> None:
        event, fact = entry["event"], news(here, at, entry)
        for zone, previous in entry["zones"].items():
            if zone in here.zones:
                shown = event in FOR_DISPLAYS and fact.get("zone", zone) == zone
                name, heard = (event, fact) if shown else (ELSEWHERE, changed(here, at, entry))
                self._emit(name, {**heard, "zone": zone, "prev": previous}, zone_room(here, zone))
        for place in here.agencies.values():
            if event in EVERYWHERE or place.code == agency:
                self._emit(event, fact, f"agency:{place.id}")
        self._emit(event, fact, f"mall:{here.mall_id}")

    def _beat(self, here: Mall, seq: int, zone_seqs: dict[str, int]) -> None:
        for code in here.zones:
            self._emit("heartbeat", {"seq": zone_seqs.get(code, 0), "zone": code}, zone_room(here, code))
        for room in (f"mall:{here.mall_id}", *(f"agency:{agency.id}" for agency in here.agencies.values())):
            self._emit("heartbeat", {"seq": seq}, room)

    def _emit(self, event: str, document: dict[str, Any], room: str) -> None:
        if self._screen.anybody_in(room):
            self._socketio.emit(event, document, to=room, namespace="/screen")
