"""What an admin sets: the order and quota of a line, and how a counter chooses among its lines."""

from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import update

from mpp.actions.change import writing
from mpp.actions.transaction import Command, Transaction
from mpp.domain.base import table
from mpp.domain.errors import Invalid, NotFound
from mpp.domain.log import MallLog
from mpp.domain.mall import Counter, Queue
from mpp.domain.mall_words import Picks, Policy

LOG = table(MallLog)
PICKS = ("preference", "longest_wait", "relative_wait")
MOST_MINUTES, MOST_SHARE, MOST_QUOTA = 600, 20, 9_999
# What each kind of order says, and within which bounds; the file of a mall knows the same.
POLICIES: dict[str, dict[str, tuple[int, int]]] = {
    "head_start": {"minutes": (0, MOST_MINUTES)},
    "ratio": {"regular": (1, MOST_SHARE), "priority": (1, MOST_SHARE)},
    "strict": {},
}


def set_queue(command: Command, code: str, policy: Mapping[str, Any], quota: int | None) -> None:
    """Set a line's order and its numbers a day (None: without limit), for numbers taken from now on.

    Raises `NotFound`, and `Invalid` whose `reason` names the part to mend, as `minutes` or `quota`.
    """
    checked = cast(Policy, _policy(policy))
    if quota is not None and not 1 <= quota <= MOST_QUOTA:
        raise Invalid(f"Kuota harus 1 sampai {MOST_QUOTA}, atau kosong.", reason="quota")
    with writing(command) as tx:
        if (place := tx.mall.queues.get(code)) is None:
            raise NotFound(f"Antrean {code} tidak ada.")
        queue = tx.session.get_one(Queue, place.id)
        if (dict(queue.policy), queue.quota) == (checked, quota):
            return
        queue.policy, queue.quota = checked, quota
        _new_plan(tx)
        said: dict[str, Any] = {"policy": checked, "quota": quota, "minutes": queue.minutes}
        tx.log.record("queue_set", agency=place.agency.code, queue=code, **said)


def set_counter(command: Command, counter_id: int, picks: str, prefers_priority: bool) -> None:
    """Set how a counter chooses among its lines, from its next call on. Raises `Invalid` (picks)."""
    if picks not in PICKS:
        raise Invalid("Pilih salah satu cara memilih antrean.", reason="picks")
    with writing(command) as tx:
        place = tx.mall.counter(counter_id)
        counter = tx.session.get_one(Counter, counter_id)
        if (counter.picks, counter.prefers_priority) == (picks, prefers_priority):
            return
        counter.picks, counter.prefers_priority = Picks(picks), prefers_priority
        _new_plan(tx)
        tx.log.record(
            "counter_set",
            agency=place.agency.code,
            counter=counter_id,
            queues=[queue.code for queue in place.queues],
            picks=picks,
            prefers_priority=prefers_priority,
        )


def _policy(said: Mapping[str, Any]) -> dict[str, Any]:
    """The kind and its numbers, nothing else."""
    if (kind := said.get("kind")) not in POLICIES:
        raise Invalid("Pilih salah satu aturan urutan.", reason="kind")
    found: dict[str, Any] = {"kind": kind}
    for name, (least, most) in POLICIES[kind].items():
        number = said.get(name)
        if type(number) is not int or not least <= number <= most:
            raise Invalid(f"Isi dengan bilangan {least} sampai {most}.", reason=name)
        found[name] = number
    return found


def _new_plan(tx: Transaction) -> None:
    """Everybody reads the structure again; whoever acts after this commit sees the change."""
    newer = update(LOG).where(LOG.c.mall_id == tx.mall.mall_id).values(plan_version=LOG.c.plan_version + 1)
    tx.connection.execute(newer)
