"""Reading what is said of a noun, and putting a new one into its place."""

from collections.abc import Mapping
from typing import Any, cast

from pydantic import ValidationError
from sqlalchemy import select

from mpp.actions.arranging.entries import record
from mpp.actions.arranging.ground import Ground
from mpp.actions.arranging.kinds import COUNTER, OF_AGENCY, QUEUE, SERVICE, SERVICES_OF_AGENCY, AnyKind
from mpp.domain.errors import AlreadyThere, Invalid
from mpp.domain.mall import Agency, Counter, PartOfMall, Queue
from mpp.mallfile.clocks import level_mistakes
from mpp.mallfile.json_lines import Json
from mpp.mallfile.messages import schema_mistakes
from mpp.mallfile.nouns import Said
from mpp.mallfile.values import Part


def read(kind: AnyKind, said: Mapping[str, object]) -> Part:
    """What is said of a noun, as the file's own part. Raises `Invalid` with every mistake in its sentence."""
    plain: Said = {name: value for name, value in said.items() if name not in kind.within}
    try:
        part: Part = kind.part.model_validate(plain)
        mistakes = list(level_mistakes(cast(dict[str, Json], plain)))
    except ValidationError as error:
        mistakes = list(schema_mistakes(error))
    if mistakes:
        sentences = "; ".join(f"{place.removeprefix('/')}: {sentence}" for place, sentence in mistakes)
        raise Invalid(f"{sentences}.", reason=mistakes[0][0].split("/")[1])
    return part


def put(ground: Ground, kind: AnyKind, part: Part, agency: Agency | None) -> PartOfMall:
    """A new noun in its place behind its like, and its entry. Raises `Invalid` and `AlreadyThere`."""
    if kind is SERVICE:
        agency = ground.named(Queue, _text(part, "queue"), "queue").agency
    made: PartOfMall = kind.noun(mall_id=ground.log.mall_id, remarks={})
    if kind in (QUEUE, COUNTER):
        if agency is None:
            raise Invalid("agency: wajib diisi.", reason="agency")
        made.agency = agency
    with ground.session.no_autoflush:
        refuse_twin(ground, kind, part)
        made.position = _behind(ground, kind, agency)
        kind.put(made, part)
        kind.place(ground, made, part)
    ground.session.add(made)
    ground.session.flush()
    if kind is not COUNTER:
        ground.known[kind.noun, _text(part, "code")] = made
    record(ground, kind, made, None)
    return made


def refuse_twin(ground: Ground, kind: AnyKind, part: Part, own: PartOfMall | None = None) -> None:
    """No two nouns of a kind have one code, no two counters one name, and none that was in use before."""
    column = Counter.name if kind is COUNTER else kind.noun.code
    value = _text(part, column.key)
    with ground.session.no_autoflush:
        like = select(kind.noun).where(kind.noun.mall_id == ground.log.mall_id, column == value)
        found = ground.session.scalar(like)
    if found is None or found is own:
        return
    way_out = " oleh yang sudah tidak dipakai; pulihkan yang itu" if found.retired_at else ""
    raise AlreadyThere(f"{kind.word}: {value} sudah dipakai{way_out}.", reason=column.key)


def _behind(ground: Ground, kind: AnyKind, agency: Agency | None) -> int:
    """The position behind all others of the kind, or behind those of the same agency."""
    if agency is None:
        return ground.next_position(kind.noun, 0, 2**31 - 1)
    room = SERVICES_OF_AGENCY if kind is SERVICE else OF_AGENCY
    return ground.next_position(kind.noun, agency.position * room, (agency.position + 1) * room)


def _text(part: Any, name: str) -> str:
    return str(getattr(part, name))
