"""What the fields of a body may hold: codes, reasons, ids, names and notes."""

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from mpp.api.route import LARGEST_ID, whole
from mpp.domain.base import LARGEST_NUMBER
from mpp.domain.note import LONGEST, WRITABLE
from mpp.domain.reasons import OWN

# A code stands in the log for ever: ten digits in a row could be somebody's number, and are none.
CODE = r"^([A-Za-z]|[0-9]{1,9}([A-Za-z._-]|$))([0-9]{0,9}[A-Za-z._-])*[0-9]{0,9}$"
# One line of text: PostgreSQL keeps no null byte, and no name has a character that controls, is not seen, or
# turns the direction of writing.
UNSEEN = r"\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
ONE_LINE = rf"^[^\x00-\x1f\x7f{UNSEEN}]+$"


def _chosen(code: str) -> str:
    """A reason that people choose: what the program writes by itself would say something else of the deed."""
    if code in OWN:
        raise PydanticCustomError("reserved", "reserved")
    return code


Code = Annotated[str, StringConstraints(min_length=1, max_length=20, pattern=CODE)]
Reason = Annotated[Code, AfterValidator(_chosen), Field(json_schema_extra={"not": {"enum": sorted(OWN)}})]
Id = Annotated[int, Field(ge=1, le=LARGEST_ID), BeforeValidator(whole)]
# Ids that the structure of a mall counts, in columns of 32 bits.
Number = Annotated[int, Field(ge=1, le=LARGEST_NUMBER), BeforeValidator(whole)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=ONE_LINE)]
Note = Annotated[str, StringConstraints(max_length=LONGEST, pattern=WRITABLE)]
