"""What may not be changed now, because somebody waits, is served or was promised something."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, func, select

from mpp.actions.arranging.ground import Ground
from mpp.domain.appointment import Appointment, Booked
from mpp.domain.counter import CounterState
from mpp.domain.errors import Invalid, Unsafe
from mpp.domain.life import OVER, State
from mpp.domain.mall import Agency, Counter, Mall, Noun, PartOfMall, PriorityClass, Queue, Service, Zone
from mpp.domain.notice import Notice
from mpp.domain.people import Device
from mpp.domain.ticket import Ticket
from mpp.domain.turn import IS_ACTIVE, Turn

NAMED = 3
FIXED = "{name}: tidak dapat diubah karena sudah tercatat di log. Buat yang baru, lalu pensiunkan yang ini."

# Whoever was missed may still return today.
_NOT_OVER = Turn.state.not_in(each.value for each in OVER if each != State.MISSED)


def may_change(ground: Ground, noun: Noun, was: Mapping[str, object], now: Mapping[str, object]) -> None:
    """Refuse a change of what numbers, calls and the log stand on. Raises `Unsafe` and `Invalid`."""
    changed = {name for name in now if was.get(name) != now[name]}
    if "code" in changed:
        raise Invalid(FIXED.format(name="code"), reason="code")
    if isinstance(noun, Mall) and "timezone" in changed and ground.log.ids.get("ticket"):
        raise Invalid("timezone: tidak dapat diubah sesudah nomor pertama diberikan.", reason="timezone")
    if isinstance(noun, PriorityClass) and "priority" in changed and _numbers_of(ground, noun):
        raise Invalid(FIXED.format(name="priority"), reason="priority")
    if isinstance(noun, Counter) and changed & {"queues", "zone"}:
        _refuse_visitor(ground, noun)
        _refuse_orphans(ground, [code for code in _codes(was) if code not in _codes(now)])


def may_retire(ground: Ground, noun: PartOfMall) -> None:
    """Refuse to retire what is still in use. Raises `Unsafe`."""
    if isinstance(noun, Zone):
        _retire_zone(ground, noun)
    elif isinstance(noun, Agency):
        _retire_agency(ground, noun)
    elif isinstance(noun, Queue):
        _retire_queue(ground, noun)
    elif isinstance(noun, Service):
        _retire_service(ground, noun)
    elif isinstance(noun, Counter):
        _retire_counter(ground, noun)


def may_stand(noun: PartOfMall) -> None:
    """Refuse to restore a noun whose agency, queue or zone is retired. Raises `Unsafe`."""
    for around in (getattr(noun, name, None) for name in ("zone", "agency", "queue")):
        if isinstance(around, PartOfMall) and around.retired_at is not None:
            raise Unsafe(f"{_name(around)} sudah tidak dipakai. Pulihkan itu dahulu.")


def _retire_zone(ground: Ground, zone: Zone) -> None:
    _refuse_notices(ground, Notice.zone_id == zone.id, zone)
    _refuse_users(zone, [each for each in ground.standing(Agency) if each.zone_id == zone.id])
    _refuse_users(zone, [each for each in ground.standing(Counter) if each.zone_id == zone.id])
    screens = select(Device).where(Device.mall_id == zone.mall_id, Device.active)
    for device in ground.session.scalars(screens):
        if zone.code in device.zones:
            raise Unsafe(
                f"Layar {device.name} masih menampilkan zona {zone.code}. Cabut atau pindahkan dahulu."
            )


def _retire_agency(ground: Ground, agency: Agency) -> None:
    _refuse_notices(ground, Notice.agency_id == agency.id, agency)
    _refuse_users(agency, [each for each in ground.standing(Counter) if each.agency_id == agency.id])
    _refuse_users(agency, [each for each in ground.standing(Queue) if each.agency_id == agency.id])


def _retire_queue(ground: Ground, queue: Queue) -> None:
    if people := _people(ground, queue):
        way_out = "Tutup antrean ini untuk nomor baru (active: false), lalu pensiunkan sesudah kosong."
        raise Unsafe(f"Masih ada {people} orang di antrean {queue.code}. {way_out}")
    _refuse_bookings(ground, Appointment.queue_id == queue.id, queue)
    _refuse_users(queue, [each for each in ground.standing(Service) if each.queue_id == queue.id])
    _refuse_users(queue, [each for each in ground.standing(Counter) if queue in each.queues])


def _retire_service(ground: Ground, service: Service) -> None:
    here = select(Turn).where(Turn.mall_id == service.mall_id, _since_yesterday(ground), _NOT_OVER)
    turns = [each for each in ground.session.scalars(here) if _is_for(each, service)]
    if people := len(turns):
        way_out = "Tutup layanan ini untuk nomor baru (active: false), lalu pensiunkan sesudah selesai."
        raise Unsafe(f"Masih ada {people} orang untuk layanan {service.code}. {way_out}")
    _refuse_bookings(ground, Appointment.service_id == service.id, service)


def _is_for(turn: Turn, service: Service) -> bool:
    return turn.service_id == service.id or service.code in (turn.matters or ())


def _retire_counter(ground: Ground, counter: Counter) -> None:
    _refuse_visitor(ground, counter)
    if ground.session.get_one(CounterState, counter.id).open:
        raise Unsafe(f"{counter.name} masih buka. Tutup loketnya dahulu.")
    others = [each for each in ground.standing(Counter) if each is not counter]
    served = {queue.code for each in others for queue in each.queues}
    for queue in counter.queues:
        if queue.code not in served and (people := _people(ground, queue)):
            raise Unsafe(
                f"{people} orang ada di antrean {queue.code}, dan hanya {counter.name} yang melayaninya."
            )


def _refuse_users(noun: PartOfMall, users: Sequence[PartOfMall]) -> None:
    """Nothing that stands may hang on what is retired."""
    if users:
        names = ", ".join(_name(each) for each in users[:NAMED]) + (", …" if len(users) > NAMED else "")
        raise Unsafe(f"{_name(noun)} masih dipakai oleh {names}. Pindahkan atau pensiunkan itu dahulu.")


def _refuse_bookings(ground: Ground, of_noun: ColumnElement[bool], noun: PartOfMall) -> None:
    booked = select(func.count()).where(of_noun, Appointment.state == Booked.BOOKED.value)
    if count := ground.session.scalar(booked.where(Appointment.day >= ground.log.day)):
        raise Unsafe(f"Masih ada {count} janji temu untuk {_name(noun)}. Pindahkan atau batalkan dahulu.")


def _refuse_notices(ground: Ground, of_noun: ColumnElement[bool], noun: PartOfMall) -> None:
    raised = select(Notice.id).where(of_noun, Notice.ended_at.is_(None)).limit(1)
    if ground.session.scalar(raised) is not None:
        raise Unsafe(f"Pemberitahuan untuk {_name(noun)} masih terpasang. Cabut dahulu.")


def _people(ground: Ground, queue: Queue) -> int:
    """How many of today are in a line: waiting, called, served, parked, or on the way to it."""
    here = select(func.count()).where(Turn.queue_id == queue.id, _since_yesterday(ground), _NOT_OVER)
    return ground.session.scalar(here) or 0


def _since_yesterday(ground: Ground) -> ColumnElement[bool]:
    """Somebody of yesterday evening may still be served."""
    return Turn.day >= ground.log.day - timedelta(days=1)


def _numbers_of(ground: Ground, priority: PriorityClass) -> bool:
    own = Ticket.mall_id == priority.mall_id, Ticket.priority_code == priority.code
    return ground.session.scalar(select(Ticket.id).where(*own).limit(1)) is not None


def _name(noun: object) -> str:
    return str(getattr(noun, "code", None) or getattr(noun, "name", ""))


def _codes(said: Mapping[str, object]) -> list[str]:
    queues = said.get("queues")
    return [str(code) for code in queues] if isinstance(queues, list) else []


def _refuse_visitor(ground: Ground, counter: Counter) -> None:
    here = select(Turn.label).where(Turn.counter_id == counter.id, IS_ACTIVE)
    if (label := ground.session.scalar(here.limit(1))) is not None:
        raise Unsafe(f"{counter.name} sedang melayani {label}. Selesaikan dahulu, lalu ubah.")


def _refuse_orphans(ground: Ground, codes: list[str]) -> None:
    """Nobody who waits loses the last counter that could call them."""
    served = {queue.code for counter in ground.standing(Counter) for queue in counter.queues}
    for code in codes:
        if code not in served and (waiting := _people(ground, ground.find(Queue, code))):
            raise Unsafe(f"{waiting} orang menunggu di {code}, dan tidak ada loket lain yang melayaninya.")
