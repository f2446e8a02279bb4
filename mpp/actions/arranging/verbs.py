"""The verbs of arranging: what is said is read like the mall's file, and refused whole or done whole."""

from collections.abc import Callable, Mapping

from mpp.actions.arranging import safety
from mpp.actions.arranging.entries import record, said_of
from mpp.actions.arranging.ground import Ground
from mpp.actions.arranging.kinds import COUNTER, KINDS, MALL, AnyKind
from mpp.actions.arranging.placing import put, read, refuse_twin
from mpp.actions.change import change as once
from mpp.actions.transaction import Answer, Command, Transaction
from mpp.domain.errors import UnknownCounter
from mpp.domain.mall import Agency, Counter, PartOfMall

Key = str | int  # the code of a noun; the id of a counter


def add(command: Command, noun: str, said: Mapping[str, object], agency: str | None = None) -> Answer:
    """Add a "zone", "agency", "queue", "service", "counter" or "priority"; answers with its `key`.

    A queue and a counter need the code of their `agency`; a service has that of its queue. Raises `Invalid`
    with the first wrong field as `reason`, and `AlreadyThere` for a code or name that is or was in use.
    """

    def done(tx: Transaction) -> Answer:
        ground = Ground(tx.session, tx.log)
        around = ground.named(Agency, agency, "agency") if agency else None
        made = put(ground, KINDS[noun], read(KINDS[noun], said), around)
        ground.renew()
        return {"key": made.id if isinstance(made, Counter) else said["code"]}

    return once(command, done)


def change(command: Command, noun: str, key: Key, said: Mapping[str, object]) -> Answer:
    """Change the fields that are said; "mall" has its code as key. Saying what is so already does nothing.

    Raises `NotFound`, `Invalid` with the first wrong field as `reason`, and `Unsafe`.
    """
    kind = KINDS[noun]

    def done(ground: Ground) -> None:
        changed = ground.mall if kind is MALL else _found(ground, kind, key)
        was = said_of(kind, changed)
        part = read(kind, {**kind.said(changed), **said})
        if isinstance(changed, PartOfMall):
            refuse_twin(ground, kind, part, changed)
        kind.put(changed, part)
        kind.place(ground, changed, part)
        ground.session.flush()
        if (now := said_of(kind, changed)) != was:
            safety.may_change(ground, changed, was, now)
            record(ground, kind, changed, was)
            ground.renew()

    return _once(command, key, done)


def retire(command: Command, noun: str, key: Key) -> Answer:
    """Take a noun out of use; it stays for what happened before. Raises `NotFound` and `Unsafe`."""
    kind = KINDS[noun]

    def done(ground: Ground) -> None:
        gone = _found(ground, kind, key)
        if gone.retired_at is not None:
            return
        safety.may_retire(ground, gone)
        was = said_of(kind, gone)
        if isinstance(gone, Counter):
            ground.serve(gone, [])
        gone.retired_at = ground.log.now
        record(ground, kind, gone, was)
        ground.renew()

    return _once(command, key, done)


def restore(command: Command, noun: str, key: Key, said: Mapping[str, object] | None = None) -> Answer:
    """Take a retired noun into use again, with the fields that are said; a counter must say its `queues`.

    Raises `NotFound`, and `Invalid` as when it is added.
    """
    kind = KINDS[noun]

    def done(ground: Ground) -> None:
        back = _found(ground, kind, key)
        if back.retired_at is None:
            return
        was, part = said_of(kind, back), read(kind, {**kind.said(back), **(said or {})})
        safety.may_stand(back)
        back.retired_at = None
        kind.put(back, part)
        kind.place(ground, back, part)
        ground.session.flush()
        safety.may_change(ground, back, {"code": was.get("code")}, {"code": said_of(kind, back).get("code")})
        record(ground, kind, back, was)
        ground.renew()

    return _once(command, key, done)


def _once(command: Command, key: Key, done: Callable[[Ground], None]) -> Answer:
    def act(tx: Transaction) -> Answer:
        done(Ground(tx.session, tx.log))
        return {"key": key}

    return once(command, act)


def _found(ground: Ground, kind: AnyKind, key: Key) -> PartOfMall:
    """A noun by its key, in use or retired. Raises `NotFound`."""
    if kind is not COUNTER:
        found: PartOfMall = ground.find(kind.noun, str(key))
        return found
    counter = ground.session.get(Counter, key) if isinstance(key, int) else None
    if counter is None or counter.mall_id != ground.log.mall_id:
        raise UnknownCounter
    return counter
