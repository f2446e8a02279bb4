"""How turns are treated in a mall: the settings of its file that no queue has for itself."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from mpp.domain.order import Place


@dataclass(frozen=True, slots=True)
class Rules:
    """Durations in minutes unless named `_seconds`. Places are those of `Place`."""

    missed_after_calls: int = 3
    missed_after_seconds: int = 20
    return_within_minutes: int = 30
    return_place: Place = Place.BY_ARRIVAL
    journey_place: Place = Place.READY
    journey_head_start_minutes: int = 10
    step_out_minutes: int = 15
    undo_seconds: int = 10
    notes_kept_days: int = 1
    checkin_tolerance_minutes: int = 15

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> "Rules":
        """The rules of a mall; what its file did not say has its usual value."""
        known = {each.name: said[each.name] for each in fields(cls) if each.name in said}
        for name in ("return_place", "journey_place"):
            if name in known:
                known[name] = Place(known[name])
        return cls(**known)
