"""The hall as the database knows it: clock, mall, people, devices, and agencies that nobody serves."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mpp import clock
from mpp.db import Database
from mpp.doctor.finding import Findings, good, notice, wrong
from mpp.domain.base import table
from mpp.domain.calendar import date_words, time_words
from mpp.domain.counter import CounterState
from mpp.domain.log import MallLog
from mpp.domain.mall import Mall
from mpp.domain.people import Device, Person, Role
from mpp.domain.ticket import Ticket, token, token_hash
from mpp.queries.malls import mall, mall_codes
from mpp.settings import Settings

LOG, TICKET = table(MallLog), table(Ticket)
NAMED = 5


def examined(db: Database) -> Findings:
    """Each mall of the installation."""
    with db.reading() as session:
        known = mall_codes(session)
        if not known:
            yield wrong("Belum ada mal. Jalankan: mpp init --mall config/malls/sagara.json")
        for mall_id, _ in known:
            here = mall(session, mall_id)
            yield from (wrong(f"{here.code}: {sentence}") for sentence in here.left_out)
            yield from _clock(session, here)
            yield from _people(session, here)
            yield from _devices(session, here)
            yield from _counters(session, here)
        yield from _same_secret(session, db.settings)


def _clock(session: Session, here: Mall) -> Findings:
    now = clock.now()
    words = f"{date_words(now.astimezone(here.timezone).date())}, {time_words(now, here.timezone)}"
    row = session.execute(select(LOG).where(LOG.c.mall_id == here.mall_id)).one()
    if now < clock.BUILT:
        yield wrong(f"Jam komputer ({words}) lebih tua daripada program ini. Betulkan tanggal dan jam.")
    elif row.last_at and row.last_at > now:
        yield wrong(f"Jam komputer ({words}) lebih awal daripada entri log terakhir. Betulkan jam.")
    elif row.last_at and clock.leapt(row.last_at, row.last_uptime or 0.0, row.last_boot or ""):
        yield wrong(
            f"Jam komputer meloncat lebih dari 12 jam ({words}); supervisor harus memastikan tanggal."
        )
    else:
        yield good(f"Jam di {here.name}: {words}.")


def _people(session: Session, here: Mall) -> Findings:
    wanted = select(Person.role, func.count()).where(Person.mall_id == here.mall_id, Person.active)
    counts = {row[0]: row[1] for row in session.execute(wanted.group_by(Person.role))}
    for role, word in ((Role.ADMIN, "admin"), (Role.OFFICER, "petugas")):
        if not counts.get(role.value):
            yield notice(
                f"{here.code} belum mempunyai {word}. Jalankan: mpp user add NAMA --role {role.value}"
            )


def _devices(session: Session, here: Mall) -> Findings:
    devices = session.scalars(select(Device).where(Device.mall_id == here.mall_id, Device.active)).all()
    if not any(device.kind == "kiosk" for device in devices):
        yield notice(
            f"{here.code} belum mempunyai anjungan. Jalankan: mpp device add --kind kiosk --name NAMA"
        )
    shown = {zone for device in devices if device.kind == "display" for zone in device.zones}
    if dark := [zone.name for zone in here.zones.values() if zone.code not in shown]:
        yield notice(f"Zona tanpa layar: {_some(dark)}.")


def _counters(session: Session, here: Mall) -> Findings:
    """Who gives numbers now and has no counter open; who has a queue that no counter serves."""
    served = {queue.code for counter in here.counters.values() for queue in counter.queues}
    if idle := [queue.code for queue in here.queues.values() if queue.code not in served]:
        yield wrong(f"Antrean yang tidak dilayani loket mana pun: {_some(idle)}.")
    is_open = select(CounterState.id).where(CounterState.mall_id == here.mall_id, CounterState.open)
    attended = {here.counters[each].agency for each in session.scalars(is_open) if each in here.counters}
    waiting = {
        queue.agency.id: queue.agency.short_name
        for queue in here.queues.values()
        if queue.agency not in attended and queue.openness(clock.now()).open
    }
    if waiting:
        yield notice(f"Instansi yang memberi nomor tanpa loket terbuka: {_some(list(waiting.values()))}.")


def _same_secret(session: Session, settings: Settings) -> Findings:
    """The newest number's token must follow from the secret, or its replay would not match the paper."""
    newest = session.execute(
        select(TICKET.c.id, TICKET.c.label, TICKET.c.token_hash)
        .where(TICKET.c.series == "")
        .order_by(TICKET.c.issued_at.desc())
        .limit(1)
    ).first()
    if newest is None:
        return
    if not settings.secret_key and not (settings.data_dir / "secret.key").is_file():
        yield wrong("Sudah ada nomor, tetapi kunci rahasia hilang. Kembalikan kunci dari cadangan.")
    elif newest.token_hash != token_hash(token(settings.key_for("ticket token"), newest.id)):
        yield wrong(
            f"Kunci rahasia bukan kunci yang memberi nomor {newest.label}. Kembalikan kunci dari cadangan."
        )


def _some(names: list[str]) -> str:
    more = f" dan {len(names) - NAMED} lagi" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more
