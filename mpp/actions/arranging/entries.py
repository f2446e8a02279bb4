"""How a change of the structure stands in the log: what was, and what is."""

from collections.abc import Mapping
from typing import Any

from mpp.actions.arranging.ground import Ground
from mpp.actions.arranging.kinds import AnyKind
from mpp.domain.event import EVENTS, NOWHERE, About
from mpp.domain.mall import Agency, Counter, Mall, PartOfMall, Queue, Service
from mpp.mallfile.nouns import Said

TOLD_AT_FOUNDING = ("queue_set", "counter_set")


def record(ground: Ground, kind: AnyKind, noun: Mall | PartOfMall, was: Said | None) -> None:
    """Tell of a noun that was added (`was` is None), or of those of its parts that have changed."""
    event, told = EVENTS[kind.event], dict[str, Any](kind.told(noun))
    if not ground.founding:
        ground.log.record(event(**told, **_changed(said_of(kind, noun), told, was)), _about(noun))
    elif kind.event in TOLD_AT_FOUNDING:
        ground.log.record(event(**told), _about(noun))


def _changed(now: Said, told: Mapping[str, object], was: Said | None) -> dict[str, Any]:
    """What differs, without what the entry tells in any case: for that, see the entry before."""
    if was is None:
        return {"was": {}, "now": now}
    names = [name for name in now if was.get(name) != now[name] and name not in told]
    before, after = ({name: said.get(name) for name in names} for said in (was, now))
    return {"was": before, "now": after} if names else {}


def said_of(kind: AnyKind, noun: Mall | PartOfMall) -> Said:
    """A noun as the file says it, and whether it is retired."""
    said = kind.said(noun)
    return said if isinstance(noun, Mall) else {**said, "retired": noun.retired_at is not None}


def _about(noun: Mall | PartOfMall) -> About:
    """The columns of an entry that say which noun it is about."""
    if isinstance(noun, Agency):
        return About(agency=noun.code)
    if isinstance(noun, Queue):
        return About(agency=noun.agency.code, queue=noun.code)
    if isinstance(noun, Service):
        return About(agency=noun.queue.agency.code)
    return About(agency=noun.agency.code, counter=noun.id) if isinstance(noun, Counter) else NOWHERE
