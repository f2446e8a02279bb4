"""What a lobby display shows: the calls of its zone, its counters, its lines, and what is to be known now."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from mpp.domain.announcement import announcement
from mpp.domain.base import table
from mpp.domain.counter import CounterState
from mpp.domain.hours import zone_label
from mpp.domain.log import MallLog
from mpp.domain.mall import Counter, Mall, Zone
from mpp.domain.notice import pause_sentence
from mpp.domain.turn import IS_ACTIVE, Turn
from mpp.queries.counters import Pause, Pausing, pause_of
from mpp.queries.lines import waiting_counts
from mpp.queries.notices import NoticeRow, notices
from mpp.queries.reading import Reading
from mpp.queries.rows import extended

TURN, LOG = table(Turn), table(MallLog)
SHOWN_CALLS = 12


@dataclass(frozen=True, slots=True)
class Spoken:
    """What was called: `call` is the seq of its first time, `seq` that of its last, the `nth`."""

    call: int
    seq: int
    label: str
    nth: int
    at: datetime
    state: str


@dataclass(frozen=True, slots=True)
class Call(Spoken):
    """One call as displays show and speak it; never anything about the person."""

    counter: str
    counter_id: int
    agency: str
    zone: str
    sentence: str
    clips: list[str]


@dataclass(frozen=True, slots=True)
class ShownPause(Pause):
    """Why a counter calls nobody, as displays show it."""

    text: str


@dataclass(frozen=True, slots=True)
class BoardCounter:
    """A counter of the zone; `open` while somebody may be called to it, `label` whoever it shows."""

    id: int
    name: str
    agency: str
    queues: list[str]
    serves: list[str]
    open: bool
    pause: ShownPause | None
    label: str | None


@dataclass(frozen=True, slots=True)
class BoardQueue:
    """A line, and how many wait in it."""

    code: str
    name: str
    agency: str
    waiting: int


@dataclass(frozen=True, slots=True)
class ToldNotice:
    """What the hall is told: `kind` is disturbance, emergency or pause, `number` is whom to call."""

    kind: str
    since: datetime
    until: datetime | None
    text: str
    number: str | None
    agency: str | None
    counter: str | None


@dataclass(frozen=True, slots=True)
class BoardNotice(ToldNotice):
    """It as the displays of a zone show it."""

    zone: str


@dataclass(frozen=True, slots=True)
class BoardMall:
    """The mall above the board, and its time."""

    name: str
    timezone: str
    timezone_label: str


@dataclass(frozen=True, slots=True)
class BoardZone:
    """The zone that the board is of."""

    code: str
    name: str
    floor: int


@dataclass(frozen=True, slots=True)
class Board:
    """A zone as it is: calls newest first, at most 12. `seq` is the zone's newest."""

    seq: int
    at: datetime
    mall: BoardMall
    zone: BoardZone
    calls: list[Call]
    counters: list[BoardCounter]
    queues: list[BoardQueue]
    notices: list[BoardNotice]


def board(reading: Reading, code: str) -> Board:
    """What the displays of a zone show. Raises `UnknownZone`."""
    mall, session = reading.mall, reading.session
    zone = mall.zone(code)
    seqs = session.execute(select(LOG.c.zone_seqs).where(LOG.c.mall_id == mall.mall_id)).scalar_one()
    calls = _calls(reading, zone)
    counters = _counters(reading, zone, calls)
    raised = [row for row in notices(session, mall, reading.now) if code in row.zones]
    return Board(
        seq=seqs.get(code, 0),
        at=reading.now.astimezone(mall.timezone),
        mall=BoardMall(mall.name, mall.timezone.key, zone_label(mall.timezone)),
        zone=BoardZone(zone.code, zone.name, zone.floor),
        calls=calls[:SHOWN_CALLS],
        counters=counters,
        queues=_queues(reading, zone),
        notices=[extended(row, BoardNotice, zone=code) for row in _told(raised, counters)],
    )


def call_row(mall: Mall, counter: Counter, spoken: Spoken) -> Call:
    """A call with where it leads and how it is said."""
    agency, style = counter.agency.short_name, mall.rules.get("numbers_style", "number")
    said = announcement(spoken.label, counter.name, agency, spoken.nth, style)
    return extended(
        spoken,
        Call,
        counter=counter.name,
        counter_id=counter.id,
        agency=agency,
        zone=counter.zone.code,
        sentence=said.sentence,
        clips=list(said.clips),
    )


def told_notice(row: NoticeRow) -> ToldNotice:
    """A notice as displays show it."""
    return ToldNotice(
        kind=row.kind,
        since=row.since,
        until=row.until,
        text=row.text,
        number=row.number,
        agency=row.agency_name,
        counter=None,
    )


def shown_pause(counter: Counter, state: Pausing, now: datetime) -> ShownPause | None:
    """The pause of a counter, with its sentence; None while it works."""
    mall = counter.agency.mall
    if (pause := pause_of(mall, state)) is None:
        return None
    text = pause_sentence(counter.name, pause.reason, state.paused_until, now, mall.timezone)
    return extended(pause, ShownPause, text=text)


def _calls(reading: Reading, zone: Zone) -> list[Call]:
    mall = reading.mall
    here = [counter.id for counter in mall.counters.values() if counter.zone == zone]
    rows = reading.session.execute(
        select(TURN)
        .where(TURN.c.counter_id.in_(here), TURN.c.day == reading.day, IS_ACTIVE)
        .where(TURN.c.call_seq.is_not(None))  # whoever is served without a number was never called
        .order_by(TURN.c.spoken_seq.desc())
    )
    return [
        call_row(
            mall,
            mall.counters[row.counter_id],
            Spoken(
                call=row.call_seq,
                seq=row.spoken_seq,
                label=row.label,
                nth=row.nth,
                at=row.called_at.astimezone(mall.timezone),
                state=row.state,
            ),
        )
        for row in rows
    ]


def _counters(reading: Reading, zone: Zone, calls: Sequence[Call]) -> list[BoardCounter]:
    mall = reading.mall
    is_open = select(CounterState).where(CounterState.mall_id == mall.mall_id, CounterState.open)
    states = {state.id: state for state in reading.session.scalars(is_open)}
    labels = {call.counter_id: call.label for call in calls}
    return [
        _counter(counter, states.get(counter.id), labels.get(counter.id), reading.now)
        for counter in mall.counters.values()
        if counter.zone == zone
    ]


def _counter(counter: Counter, state: CounterState | None, label: str | None, now: datetime) -> BoardCounter:
    pause = shown_pause(counter, state, now) if state else None
    return BoardCounter(
        id=counter.id,
        name=counter.name,
        agency=counter.agency.short_name,
        queues=[queue.code for queue in counter.queues],
        serves=[queue.name for queue in counter.queues],
        open=state is not None and pause is None,
        pause=pause,
        label=label,
    )


def _told(raised: Iterable[NoticeRow], counters: Iterable[BoardCounter]) -> list[ToldNotice]:
    """What is raised, then who pauses."""
    pauses = [
        ToldNotice(
            kind="pause",
            since=counter.pause.since,
            until=counter.pause.until,
            text=counter.pause.text,
            number=None,
            agency=counter.agency,
            counter=counter.name,
        )
        for counter in counters
        if counter.pause
    ]
    return [*map(told_notice, raised), *pauses]


def _queues(reading: Reading, zone: Zone) -> list[BoardQueue]:
    mall = reading.mall
    counts = waiting_counts(reading.session, mall.mall_id, reading.day)
    return [
        BoardQueue(queue.code, queue.name, queue.agency.short_name, counts.get(queue.id, 0))
        for queue in mall.queues.values()
        if queue.agency.zone == zone
    ]
