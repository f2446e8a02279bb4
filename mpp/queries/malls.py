"""The structure of a mall, read from the database once per version and then shared."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import TypeVar

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from mpp.db import STRUCTURES, Database
from mpp.domain.log import MallLog
from mpp.domain.mall import (
    Agency,
    Counter,
    CounterQueue,
    Mall,
    PartOfMall,
    PriorityClass,
    Queue,
    Service,
    Zone,
)
from mpp.domain.schedule_json import UNREADABLE

N = TypeVar("N", bound=PartOfMall)
LOG = structlog.get_logger()
UNREADABLE_ROW = (LookupError, ValueError)  # a word that is none of ours, a document that is none


def mall(session: Session, mall_id: int, version: int | None = None) -> Mall:
    """The mall's structure as it is now, or as of a version that the caller has just read."""
    if version is None:
        version = session.execute(select(MallLog.plan_version).where(MallLog.mall_id == mall_id)).scalar_one()
    structures: dict[int, Mall] = session.info[STRUCTURES]
    kept = structures.get(mall_id)
    if kept is None or kept.version != version:
        kept = structures[mall_id] = _read(session, mall_id, version)
    return kept


def recent_mall(db: Database, mall_id: int) -> Mall:
    """The mall's structure for answering questions: at most a second old."""
    return db.recent.of(("mall", mall_id), lambda session: mall(session, mall_id))


def mall_codes(session: Session) -> list[tuple[int, str]]:
    """Id and code of every mall of this installation."""
    return [(row.id, row.code) for row in session.execute(select(Mall.id, Mall.code).order_by(Mall.id))]


def _read(session: Session, mall_id: int, version: int) -> Mall:
    """The whole structure in one question for each noun, without what cannot be read or hangs on nothing."""
    with Session(session.connection(), autoflush=False) as own:
        found = _Reader(own, mall_id)
        mall = own.get_one(Mall, mall_id)
        found.check(mall, "Mal")
        zones = found.all(Zone, "Zona")
        agencies = found.all(Agency, "Instansi", lambda each: each.mall is mall and each.zone in zones)
        queues = found.all(Queue, "Antrean", lambda each: each.agency in agencies)
        services = found.all(Service, "Layanan", lambda each: each.queue in queues)
        counters = found.all(Counter, "Loket", lambda each: each.agency in agencies and each.zone in zones)
        priorities = found.all(PriorityClass, "Golongan prioritas")
        _let_serve(own, counters, queues)
        own.expunge_all()
    mall.version, mall.left_out = version, tuple(found.left_out)
    mall.zones = {each.code: each for each in _standing(zones)}
    mall.agencies = {each.code: each for each in _standing(agencies)}
    mall.queues = {each.code: each for each in _standing(queues)}
    mall.services = {each.code: each for each in _standing(services)}
    mall.counters = {each.id: each for each in _standing(counters)}
    mall.priorities = {each.code: each for each in _standing(priorities)}
    mall.zone_codes = {each.code: each for each in zones}
    mall.agency_codes = {each.code: each for each in agencies}
    mall.queue_ids = {each.id: each for each in queues}
    mall.service_ids = {each.id: each for each in services}
    mall.counter_ids = {each.id: each for each in counters}
    for noun in (mall, *zones, *agencies, *queues, *services, *counters, *priorities):
        noun.share()
    return mall


def _let_serve(session: Session, counters: Iterable[Counter], queues: Iterable[Queue]) -> None:
    """Each counter with its queues, in its order of preference."""
    known, served = {queue.id: queue for queue in queues}, defaultdict[int, list[Queue]](list)
    rows = select(CounterQueue.counter_id, CounterQueue.queue_id).order_by(CounterQueue.position)
    for counter_id, queue_id in session.execute(rows):
        if queue_id in known:
            served[counter_id].append(known[queue_id])
    for counter in counters:
        set_committed_value(counter, "queues", served[counter.id])


def _standing(nouns: list[N]) -> list[N]:
    return [each for each in nouns if each.retired_at is None]


class _Reader:
    """Reads the nouns of a mall; what is wrong is left out and named, so that the rest goes on."""

    def __init__(self, session: Session, mall_id: int) -> None:
        self.session, self.mall_id = session, mall_id
        self.left_out: list[str] = []

    def all(self, noun: type[N], word: str, hangs_on: Callable[[N], bool] = lambda _: True) -> list[N]:
        """Every noun of a kind in its order: those that `hangs_on` says belong to something that was read."""
        found = []
        for each in self._rows(noun, word):
            if self._hangs(each, hangs_on):
                found.append(each)
                self.check(each, word)
            else:
                self._leave_out(f"{_name(each, word)} dilewati: tempatnya tidak ada.")
        return found

    def _hangs(self, noun: N, hangs_on: Callable[[N], bool]) -> bool:
        try:
            return hangs_on(noun)
        except UNREADABLE_ROW:
            return False

    def check(self, noun: Mall | PartOfMall, word: str) -> None:
        """Name a noun whose hours cannot be read: it stays, and gives no numbers."""
        if getattr(noun, "schedule", None) is UNREADABLE:
            self._leave_out(f"{_name(noun, word)}: jam bukanya tidak terbaca, jadi tutup.")

    def _rows(self, noun: type[N], word: str) -> list[N]:
        own = noun.mall_id == self.mall_id
        order = noun.position, noun.id
        try:
            return list(self.session.scalars(select(noun).where(own).order_by(*order)))
        except UNREADABLE_ROW:  # find out which
            ids = self.session.scalars(select(noun.id).where(own).order_by(*order)).all()
            rows = (self._row(noun, number, word) for number in ids)
            return [each for each in rows if each is not None]

    def _row(self, noun: type[N], number: int, word: str) -> N | None:
        try:
            return self.session.get(noun, number)
        except UNREADABLE_ROW:
            self._leave_out(f"{word} nomor {number} dilewati: isinya tidak terbaca.")
            return None

    def _leave_out(self, sentence: str) -> None:
        self.left_out.append(sentence)
        LOG.warning("structure_left_out", mall=self.mall_id, sentence=sentence)


def _name(noun: object, word: str) -> str:
    """The code of a noun after what it is; a counter's name says that itself."""
    return f"{word} {code}" if (code := getattr(noun, "code", None)) else str(getattr(noun, "name", word))
