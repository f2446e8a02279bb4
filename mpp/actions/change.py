"""Changing something: the mall's lock, the service day, and one answer however often an intent comes."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from sqlalchemy import bindparam, select

from mpp.actions import days
from mpp.actions.transaction import INTENT, Answer, Command, Transaction
from mpp.domain.errors import IntentReused, NothingToUndo, WrongMoment
from mpp.domain.mall import Mall
from mpp.queries.malls import mall

FIRST_ANSWER = select(INTENT.c.fingerprint, INTENT.c.answer).where(
    INTENT.c.principal == bindparam("who"), INTENT.c.key == bindparam("key")
)


def change(command: Command, done: Callable[[Transaction], Answer]) -> Answer:
    """Do something once, and remember its answer: a repeated intent gets it again and changes nothing."""
    with writing(command) as tx:
        return tx.remember(done(tx)) if tx.replayed is None else tx.replayed


@contextmanager
def writing(command: Command) -> Iterator[Transaction]:
    """Open the transaction of one change; a repeated intent changes nothing, not even the day.

    The day rolls in a transaction of its own before: it stays rolled when the change is refused.
    """
    with ExitStack() as opened:
        tx = _begin(opened, command)
        while tx.replayed is None and days.is_due(tx):
            days.roll(tx)
            opened.close()
            tx = _begin(opened, command)
        try:
            yield tx
        except (WrongMoment, NothingToUndo) as error:
            raise _at_its_counter(error, tx.mall) from error


def _begin(opened: ExitStack, command: Command) -> Transaction:
    who = command.principal
    session, log = opened.enter_context(command.db.transaction(who.mall_id, who.actor))
    log.mall = mall(session, who.mall_id, log.was.plan_version)
    tx = Transaction(session, log, command)
    tx.replayed = _first_answer(tx)
    return tx


def _at_its_counter(error: WrongMoment | NothingToUndo, mall: Mall) -> WrongMoment | NothingToUndo:
    """Say to whoever lost a race at which desk the turn is."""
    if error.counter is None or (counter := mall.counters.get(error.counter)) is None:
        return error
    words = f"{error.detail.removesuffix('.')} di {counter.name}."
    return type(error)(words, state=error.state, counter=error.counter)


def _first_answer(tx: Transaction) -> Answer | None:
    if (intent := tx.command.intent) is None:
        return None
    row = tx.connection.execute(FIRST_ANSWER, {"who": intent.principal, "key": intent.key}).first()
    if row is None:
        return None
    if row.fingerprint != intent.fingerprint:
        raise IntentReused
    return dict(row.answer)
