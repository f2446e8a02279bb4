"""Notes beside a deed: kept for a short while, erased by themselves or by a supervisor."""

import re
import secrets
from typing import Any

from mpp.actions.work import Wish, Work, writing
from mpp.db import Database
from mpp.domain.base import table
from mpp.domain.errors import Invalid, NotFound
from mpp.domain.note import WRITABLE, Note, note_seal
from mpp.domain.plan import AgencyPlan, Plan

NOTE = table(Note)
# As long as the number of a phone or an identity card, however it is spaced; or an e-mail address.
PERSONAL = re.compile(r"(?:\d[ .-]?){9,}|\S+@\S+\.\S+")


def written(work: Work, ticket_id: int, agency: AgencyPlan, text: str | None) -> dict[str, Any]:
    """Keep a note, and give what the log says of it. Raises `Invalid` when it holds somebody's number."""
    text = (text or "").strip()
    if not text:
        return {}
    if not re.fullmatch(WRITABLE, text):
        raise Invalid("Catatan berisi karakter yang tidak boleh.")
    if PERSONAL.search(text):
        raise Invalid("Catatan tidak boleh memuat NIK, nomor telepon, atau alamat surel.")
    salt, number = secrets.token_bytes(16), work.log.new_id("note")
    row = {"id": number, "mall_id": work.log.mall_id, "ticket_id": ticket_id, "agency_id": agency.id}
    made = {"text": text, "salt": salt, "made_at": work.now, "made_by": work.log.actor, "erased_at": None}
    work.later(NOTE, row | made)
    return {"note": number, "note_seal": note_seal(salt, text)}


def erase(db: Database, plan: Plan, actor: str, agency_id: int | None, note_id: int, wish: Wish) -> None:
    """Take the text of a note away for ever. `NotFound` for one of another agency, or erased already."""
    with writing(db, plan.mall_id, actor, wish) as work:
        if work.replayed is not None:
            return
        note = work.session.get(Note, note_id)
        own = note is not None and note.mall_id == plan.mall_id and agency_id in (None, note.agency_id)
        if note is None or not own or note.erased_at is not None:
            raise NotFound("Catatan ini tidak ada.")
        note.text, note.salt, note.erased_at = None, None, work.now
        agency = next(each for each in work.plan.agencies.values() if each.id == note.agency_id)
        work.log.record("note_erased", agency=agency.code, ticket=note.ticket_id, note=note.id)
        work.remember({})
