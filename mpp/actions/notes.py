"""Notes beside a deed: kept for a short while, erased by themselves or by a supervisor."""

import re
import secrets
from typing import Any

from mpp.actions.transaction import Intent, Transaction, writing
from mpp.db import Database
from mpp.domain.base import table
from mpp.domain.errors import Invalid, NotFound
from mpp.domain.mall import Agency, Mall
from mpp.domain.note import WRITABLE, Note, note_seal

NOTE = table(Note)
# As long as the number of a phone or an identity card, however it is spaced; or an e-mail address.
PERSONAL = re.compile(r"(?:\d[ .-]?){9,}|\S+@\S+\.\S+")


def written(tx: Transaction, ticket_id: int, agency: Agency, text: str | None) -> dict[str, Any]:
    """Keep a note, and give what the log says of it. Raises `Invalid` when it holds somebody's number."""
    text = (text or "").strip()
    if not text:
        return {}
    if not re.fullmatch(WRITABLE, text):
        raise Invalid("Catatan berisi karakter yang tidak boleh.")
    if PERSONAL.search(text):
        raise Invalid("Catatan tidak boleh memuat NIK, nomor telepon, atau alamat surel.")
    salt, number = secrets.token_bytes(16), tx.log.new_id("note")
    row = {"id": number, "mall_id": tx.log.mall_id, "ticket_id": ticket_id, "agency_id": agency.id}
    made = {"text": text, "salt": salt, "made_at": tx.now, "made_by": tx.log.actor, "erased_at": None}
    tx.later(NOTE, row | made)
    return {"note": number, "note_seal": note_seal(salt, text)}


def erase(db: Database, mall: Mall, actor: str, agency_id: int | None, note_id: int, intent: Intent) -> None:
    """Take the text of a note away for ever. `NotFound` for one of another agency, or erased already."""
    with writing(db, mall.mall_id, actor, intent) as tx:
        if tx.replayed is not None:
            return
        note = tx.session.get(Note, note_id)
        own = note is not None and note.mall_id == mall.mall_id and agency_id in (None, note.agency_id)
        if note is None or not own or note.erased_at is not None:
            raise NotFound("Catatan ini tidak ada.")
        note.text, note.salt, note.erased_at = None, None, tx.now
        agency = next(each for each in tx.mall.agencies.values() if each.id == note.agency_id)
        tx.log.record("note_erased", agency=agency.code, ticket=note.ticket_id, note=note.id)
        tx.remember({})
