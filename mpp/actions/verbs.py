"""The register of verbs: whatever people do to a thing is declared once, and done in one way."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from mpp.actions.bodies import Body, Nothing
from mpp.actions.change import change
from mpp.actions.transaction import Answer, Command, Transaction
from mpp.domain.turn import Turn

Thing = TypeVar("Thing")
Run = Callable[..., Turn | None]
R = TypeVar("R", bound=Run)


@dataclass(frozen=True, slots=True)
class Verb:
    """One verb: its name in addresses, its body, the function that does it; `holding`: only the holder may.

    `about` finds the turn that the body's guards are compared with.
    """

    name: str
    body: type[Body]
    run: Run
    holding: bool = True
    about: Callable[..., Turn | None] | None = None

    @property
    def summary(self) -> str:
        return (self.run.__doc__ or "").strip().splitlines()[0]


class Verbs(Generic[Thing]):
    """The verbs of one kind of thing.

    `find` gives the thing inside the transaction, or refuses whoever may not touch it; `answer` says what is
    told, and remembered, once the verb is done.
    """

    def __init__(
        self,
        find: Callable[[Transaction, Verb, int, Body], Thing],
        answer: Callable[[Thing, Turn | None], Answer],
    ) -> None:
        self._find, self._answer = find, answer
        self._verbs: dict[Run, Verb] = {}

    def __iter__(self) -> Iterator[Verb]:
        return iter(self._verbs.values())

    def verb(
        self,
        name: str,
        body: type[Body] = Nothing,
        holding: bool = True,
        about: Callable[..., Turn | None] | None = None,
    ) -> Callable[[R], R]:
        """Register a function as a verb; the function stays what it is."""

        def register(run: R) -> R:
            self._verbs[run] = Verb(name, body, run, holding, about)
            return run

        return register

    def of(self, run: Run) -> Verb:
        return self._verbs[run]

    def do(self, command: Command, verb: Verb, key: int, body: Body) -> Answer:
        """Do a verb once: a repeated intent gets the first answer. Raises what `find` and the verb raise."""

        def done(tx: Transaction) -> Answer:
            thing = self._find(tx, verb, key, body)
            turn = verb.run(thing, **body.said())
            tx.session.flush()
            return self._answer(thing, turn)

        return change(command, done)
