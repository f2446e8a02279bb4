"""One entry of the log as screens hear it: a call whole, a notice ready to show, anything else small."""

from datetime import datetime

from mpp.domain.counter import CounterState
from mpp.domain.entry import Document, Entry
from mpp.domain.event import EVENTS, Board, Hears
from mpp.domain.events import CounterPaused
from mpp.domain.life import State
from mpp.domain.mall import Agency, Counter, Mall
from mpp.domain.notice import Notice, NoticeKind
from mpp.encoding import plain_row
from mpp.queries.boards import Spoken, call_row, shown_pause, told_notice
from mpp.queries.notices import notice_row

# What a zone hears of an event that its displays do not hear by name (it concerns nobody in the hall but the
# length of a line), and of a call to a counter in another zone, which alone speaks it.
ELSEWHERE = "line_changed"
NOTICES = Board.RAISES | Board.LIFTS


def news(here: Mall, entry: Entry) -> Document:
    """What an entry says to whoever may hear its name: nothing about a person, nor why one was chosen."""
    board = EVENTS[entry.event].board
    place = here.counter_ids.get(entry.counter or 0)
    if place and board & Board.CALLS and entry.after == State.CALLED:
        return _call(here, place, entry)
    small = {**changed(here, entry), "label": entry.label, "queue": entry.queue}
    more = {"counter_id": entry.counter, "call": entry.facts.get("call"), "state": entry.after}
    small |= {name: value for name, value in more.items() if value is not None}
    if board & NOTICES:
        return small | {"notice": _notice(here, entry)}
    if place and entry.event == CounterPaused.name:
        return small | {"pause": _pause(place, entry)}
    return small


def changed(here: Mall, entry: Entry) -> Document:
    """That something happened, and when."""
    return {"seq": entry.seq, "at": entry.at.astimezone(here.timezone).isoformat()}


def heard_by(agency: Agency, entry: Entry) -> bool:
    """Whether the people of an agency hear of an entry."""
    hears = EVENTS[entry.event].hears
    return bool(hears & Hears.EVERYBODY) or (bool(hears & Hears.AGENCY) and entry.agency == agency.code)


def shown_in(zone: str, entry: Entry, told: Document) -> bool:
    """Whether the displays of a zone hear of an entry by its name: of a call, where its counter is."""
    return bool(EVENTS[entry.event].hears & Hears.ZONE) and told.get("zone", zone) == zone


def _call(here: Mall, place: Counter, entry: Entry) -> Document:
    spoken = Spoken(
        call=entry.facts.get("call") or entry.seq,
        seq=entry.seq,
        label=entry.label or "",
        nth=entry.facts["nth"],
        at=entry.at.astimezone(here.timezone),
        state=State.CALLED,
    )
    return plain_row(call_row(here, place, spoken))


def _notice(here: Mall, entry: Entry) -> Document:
    """The notice as the board has it; of one that was lifted, which it was."""
    agency = here.agency_codes.get(entry.agency or "")
    zones = [here.zone_codes[code] for code in entry.zones]
    notice = Notice(
        id=entry.facts["notice"],
        kind=NoticeKind(entry.event.partition("_")[0]),
        agency_id=agency.id if agency else None,
        zone_id=None if agency else zones[0].id,
        reason=entry.reason,
        until=_until(entry),
        raised_at=entry.at,
    )
    told = told_notice(notice_row(here, notice, entry.at))
    if EVENTS[entry.event].board & Board.LIFTS:
        return {"kind": told.kind, "agency": told.agency, "counter": told.counter}
    return plain_row(told)


def _pause(counter: Counter, entry: Entry) -> Document:
    state = CounterState(paused_at=entry.at, paused_until=_until(entry), pause_reason=entry.reason)
    return plain_row(pause) if (pause := shown_pause(counter, state, entry.at)) else {}


def _until(entry: Entry) -> datetime | None:
    until = entry.facts.get("until")
    return datetime.fromisoformat(until) if until else None
