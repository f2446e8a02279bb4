"""What a visitor is told about the wait: a range, in minutes."""

from dataclasses import dataclass
from math import ceil, floor, sqrt

STEP = 5
SPREAD = 1.1


@dataclass(frozen=True, slots=True)
class WaitRange:
    """Half of the visitors wait at most `p50` minutes, nine of ten at most `p90`."""

    p50: int
    p90: int

    def text(self, language: str = "id") -> str:
        """The sentence part that people read: "20 sampai 35 menit"."""
        low, high = floor(self.p50 / STEP) * STEP, max(STEP, ceil(self.p90 / STEP) * STEP)
        if low == 0:
            return _words("kurang dari {}", "less than {}", language).format(_length(high, language))
        joiner = _words(" sampai ", " to ", language)
        if high < 60:
            return f"{low}{joiner}{_length(high, language)}"
        return f"{_length(low, language)}{joiner}{_length(high, language)}"


def wait_range(ahead: int, minutes: int, counters: int, in_service: int) -> WaitRange:
    """The wait of somebody with `ahead` people before them at `counters` desks of `minutes` each.

    A simple rule, people ahead × standard time ÷ counters, plus the rest of a service when all are busy;
    the upper end grows with the square root of the people ahead, as a sum of random times does.
    """
    pace = minutes / max(1, counters)
    middle = ahead * pace + (pace / 2 if in_service >= counters else 0)
    return WaitRange(round(middle), max(1, round(middle + SPREAD * pace * sqrt(ahead + 1))))


def _length(minutes: int, language: str) -> str:
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} {_words('jam', 'h', language)}"] if hours else []
    if rest or not hours:
        parts.append(f"{rest} {_words('menit', 'minutes', language)}")
    return " ".join(parts)


def _words(indonesian: str, english: str, language: str) -> str:
    return english if language == "en" else indonesian
