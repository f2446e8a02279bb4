"""The history checker: replays the log of a mall and reports every broken invariant."""

from mpp.history.database import Examined, examine
from mpp.history.entries import Row, Violation
from mpp.history.replay import Findings, Replay

__all__ = ["Examined", "Findings", "Replay", "Row", "Violation", "examine"]
