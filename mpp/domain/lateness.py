"""What is late: the longest wait of a line against the target of its queue, which the line cannot move."""

from dataclasses import dataclass
from enum import StrEnum

from mpp.domain.mall import Queue

# A queue without a target of its own: three visitors of its standard before the next, and no less than this.
VISITORS, LEAST_MINUTES = 3, 15
# From here on somebody has to act, not only to look.
MUCH_LATER = 1.5
# How long people may wait at a line that no counter serves before somebody has to act.
PATIENCE_MINUTES = 5


class Level(StrEnum):
    """Where somebody should act, and where somebody should look; the rest is fine."""

    ACT = "act"
    LOOK = "look"
    FINE = "fine"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a line stands; the higher `ratio`, the worse. `why` is late, unserved or nothing."""

    level: Level
    ratio: float
    why: str = ""


NOBODY = Verdict(Level.EMPTY, 0.0)


def target_minutes(queue: Queue) -> int:
    """Within how many minutes a visitor should be called: the queue's own target, else the usual one."""
    return queue.target_min or max(LEAST_MINUTES, VISITORS * queue.minutes)


def verdict(longest: float, target: int, open_counters: int) -> Verdict:
    """Of a line in which somebody waits, the longest for so many minutes.

    A line that nobody serves is worse than any that is late.
    """
    if not open_counters:
        level = Level.ACT if longest > PATIENCE_MINUTES else Level.LOOK
        return Verdict(level, 1_000.0 + longest, "unserved")
    ratio = longest / target
    if ratio <= 1:
        return Verdict(Level.FINE, ratio)
    return Verdict(Level.ACT if ratio > MUCH_LATER else Level.LOOK, ratio, "late")
