"""What an admin sets: the order and quota of a line, and how a counter chooses among its lines."""

from collections.abc import Mapping

from mpp.actions import arranging
from mpp.actions.transaction import Command
from mpp.domain.errors import Invalid, NotFound
from mpp.domain.mall_words import Picks

MOST_MINUTES, MOST_SHARE, MOST_QUOTA = 600, 20, 9_999
# What each kind of order says, and within which bounds; the file of a mall knows the same.
POLICIES: dict[str, dict[str, tuple[int, int]]] = {
    "head_start": {"minutes": (0, MOST_MINUTES)},
    "ratio": {"regular": (1, MOST_SHARE), "priority": (1, MOST_SHARE)},
    "strict": {},
}


def set_queue(command: Command, code: str, policy: Mapping[str, object], quota: int | None) -> None:
    """Set a line's order and its numbers a day (None: without limit), for numbers taken from now on.

    Raises `NotFound`, and `Invalid` whose `reason` names the part to mend, as `minutes` or `quota`.
    """
    checked = _policy(policy)
    if quota is not None and not 1 <= quota <= MOST_QUOTA:
        raise Invalid(f"Kuota harus 1 sampai {MOST_QUOTA}, atau kosong.", reason="quota")
    try:
        arranging.change(command, "queue", code, {"policy": checked, "quota": quota})
    except NotFound as error:
        raise NotFound(f"Antrean {code} tidak ada.") from error


def set_counter(command: Command, counter_id: int, picks: str, prefers_priority: bool) -> None:
    """Set how a counter chooses among its lines, from its next call on. Raises `Invalid` (picks)."""
    if picks not in [*Picks]:
        raise Invalid("Pilih salah satu cara memilih antrean.", reason="picks")
    said = {"picks": picks, "prefers_priority": prefers_priority}
    arranging.change(command, "counter", counter_id, said)


def _policy(said: Mapping[str, object]) -> dict[str, object]:
    """The kind and its numbers, nothing else."""
    if (kind := said.get("kind")) not in POLICIES:
        raise Invalid("Pilih salah satu aturan urutan.", reason="kind")
    found: dict[str, object] = {"kind": kind}
    for name, (least, most) in POLICIES[str(kind)].items():
        number = said.get(name)
        if type(number) is not int or not least <= number <= most:
            raise Invalid(f"Isi dengan bilangan {least} sampai {most}.", reason=name)
        found[name] = number
    return found
