"""An expected wait as it is answered."""

from dataclasses import dataclass

from mpp.domain.wait import WaitRange


@dataclass(frozen=True, slots=True)
class Wait:
    """Minutes: half wait at most `p50`, nine of ten at most `p90`; `text` says so to a person."""

    p50: int
    p90: int
    text: str

    @classmethod
    def of(cls, expected: WaitRange | None, language: str = "id") -> "Wait | None":
        """The range in words; None where nothing can be said."""
        return cls(expected.p50, expected.p90, expected.text(language)) if expected else None
