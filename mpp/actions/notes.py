"""Notes beside a verb: kept for a short while, erased by themselves or by a supervisor."""

import re
import secrets

from mpp.actions.change import change
from mpp.actions.transaction import Answer, Command, Transaction
from mpp.domain.errors import Invalid, NotFound
from mpp.domain.event import About
from mpp.domain.events import NoteErased
from mpp.domain.mall import Agency
from mpp.domain.note import WRITABLE, Note, NoteSeal, note_seal
from mpp.domain.notice import agency_of

# As long as the number of a phone or an identity card, however it is spaced; or an e-mail address.
PERSONAL = re.compile(r"(?:\d[ .-]?){9,}|\S+@\S+\.\S+")


def keep(tx: Transaction, ticket_id: int, agency: Agency, text: str | None) -> NoteSeal | None:
    """Keep a note, and give what the log says of it. Raises `Invalid` when it holds somebody's number."""
    text = (text or "").strip()
    if not text:
        return None
    if not re.fullmatch(WRITABLE, text):
        raise Invalid("Catatan berisi karakter yang tidak boleh.")
    if PERSONAL.search(text):
        raise Invalid("Catatan tidak boleh memuat NIK, nomor telepon, atau alamat surel.")
    salt = secrets.token_bytes(16)
    note = Note(
        id=tx.log.new_id("note"),
        mall_id=tx.log.mall_id,
        ticket_id=ticket_id,
        agency_id=agency.id,
        text=text,
        salt=salt,
        made_at=tx.now,
        made_by=tx.log.actor,
    )
    tx.later(note)
    return NoteSeal(note.id, note_seal(salt, text))


def erase(command: Command, note_id: int) -> None:
    """Take the text of a note away for ever. `NotFound` for one of another agency, or erased already."""

    def done(tx: Transaction) -> Answer:
        note = tx.session.get(Note, note_id)
        own = note is not None and note.mall_id == tx.mall.mall_id and tx.principal.serves(note.agency_id)
        if note is None or not own or note.erased_at is not None:
            raise NotFound("Catatan ini tidak ada.")
        take_away(tx, note)
        return {}

    change(command, done)


def take_away(tx: Transaction, note: Note) -> None:
    """Erase the text and the salt of a note, with its entry in the log."""
    note.text, note.salt, note.erased_at = None, None, tx.now
    agency = agency_of(tx.mall, note.agency_id)
    code = agency.code if agency else None
    tx.log.record(NoteErased(note=note.id), About(agency=code, ticket=note.ticket_id))
