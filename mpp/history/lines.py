"""A line as the log tells it: who waits in it, who was called from it, and who of them is next."""

from collections.abc import Callable
from dataclasses import dataclass, field
from heapq import heappop, heappush

from mpp.domain.entry import Policy
from mpp.domain.order import Waiting, next_in_line


@dataclass(slots=True)
class Line:
    """The line of one queue on one day; `called` are the turns called from it, by their last call."""

    waiting: dict[int, Waiting] = field(default_factory=dict)
    called: dict[int, None] = field(default_factory=dict)
    heap: list[tuple[tuple[int, int], int]] = field(default_factory=list)

    def stand(self, turn: Waiting) -> None:
        """A turn waits from now on, or waits elsewhere in the line than before."""
        self.waiting[turn.turn] = turn
        heappush(self.heap, (turn.rank, turn.turn))

    def leave(self, turn: int) -> None:
        """A turn waits no more; the heap forgets it when it comes up."""
        self.waiting.pop(turn, None)

    def call(self, turn: int) -> None:
        """The day's newest call of the line."""
        self.called.pop(turn, None)
        self.called[turn] = None

    def uncall(self, turn: int) -> None:
        """A call that was put back counts for nothing."""
        self.called.pop(turn, None)

    def keys(self) -> list[int]:
        """The order keys of those who wait."""
        return [turn.order_key for turn in self.waiting.values()]

    def next(
        self,
        policy: Policy,
        may_be_called: Callable[[Waiting], bool],
        is_priority: Callable[[int], bool],
    ) -> Waiting | None:
        """Whom the policy names, of those who may be called; `is_priority` says it of those called so far.

        A plain line is looked at from its head; only when the head may not be called, or the policy is
        "ratio", everybody in it is looked at.
        """
        if policy["kind"] != "ratio":
            first = self._first()
            if first is None or may_be_called(first):
                return first
        free = [turn for turn in self.waiting.values() if may_be_called(turn)]
        if not free:
            return None
        calls = map(is_priority, self.called) if policy["kind"] == "ratio" else ()
        return next_in_line(free, policy, calls)

    def _first(self) -> Waiting | None:
        while self.heap:
            rank, number = self.heap[0]
            turn = self.waiting.get(number)
            if turn is not None and turn.rank == rank:
                return turn
            heappop(self.heap)
        return None
