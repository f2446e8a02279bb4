"""What a request may say: strict bodies, and their fields: codes, reasons, ids, names and notes."""

from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from mpp.domain.base import LARGEST_NUMBER
from mpp.domain.life import State
from mpp.domain.note import LONGEST, WRITABLE
from mpp.domain.reasons import OWN

LARGEST_ID = 2**53
# A code stands in the log for ever: ten digits in a row could be somebody's number, and are none.
CODE = r"^([A-Za-z]|[0-9]{1,9}([A-Za-z._-]|$))([0-9]{0,9}[A-Za-z._-])*[0-9]{0,9}$"
# One line of text: PostgreSQL keeps no null byte, and no name has a character that controls, is not seen, or
# turns the direction of writing.
UNSEEN = r"\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
ONE_LINE = rf"^[^\x00-\x1f\x7f{UNSEEN}]+$"


def _chosen(code: str) -> str:
    """A reason that people choose: what the program writes by itself would say something else of the verb."""
    if code in OWN:
        raise PydanticCustomError("reserved", "reserved")
    return code


def whole(said: object) -> object:
    """JSON has one kind of number: 7.0 is the integer 7."""
    return int(said) if isinstance(said, float) and said.is_integer() else said


Code = Annotated[str, StringConstraints(min_length=1, max_length=20, pattern=CODE)]
Reason = Annotated[Code, AfterValidator(_chosen), Field(json_schema_extra={"not": {"enum": sorted(OWN)}})]
Id = Annotated[int, Field(ge=1, le=LARGEST_ID), BeforeValidator(whole)]
# Ids that the structure of a mall counts, in columns of 32 bits.
Number = Annotated[int, Field(ge=1, le=LARGEST_NUMBER), BeforeValidator(whole)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=ONE_LINE)]
Note = Annotated[str, StringConstraints(max_length=LONGEST, pattern=WRITABLE)]
Language = Literal["id", "en"]
Seen = Annotated[State, Field(strict=False)]


class Body(BaseModel):
    """A request's body: unknown fields and other types than these are refused.

    `GUARDS` are the fields that say what the asker saw; they are compared, and no part of what is done.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    GUARDS: ClassVar[frozenset[str]] = frozenset()

    def said(self) -> dict[str, object]:
        """The fields of the verb itself, by name."""
        return {name: getattr(self, name) for name in type(self).model_fields if name not in self.GUARDS}


class Nothing(Body):
    """A body without fields."""


class AtDesk(Body):
    """A verb about the visitor at the desk: which turn is meant, and in which state it was seen.

    What is absent is not compared.
    """

    GUARDS = frozenset({"turn", "state"})

    turn: Id | None = None
    state: Seen | None = None


class AtCounter(Body):
    """A verb of the counter itself: `turn` null says that its desk was seen empty."""

    GUARDS = frozenset({"turn", "state"})

    turn: None = None
    state: Seen | None = None


class Chosen(Body):
    """A verb about a chosen turn, and in which state it was seen."""

    GUARDS = frozenset({"state"})

    turn: Id
    state: Seen | None = None
