"""Makes a slip: the ticket that the server gave, in the words of the catalogue it was chosen from."""

from collections.abc import Sequence

from kiosk.catalogue import Catalogue
from kiosk.printing.slip import Slip, SlipStop
from kiosk.ticket import DONE, Ticket, Turn


def slip_of(ticket: Ticket, catalogue: Catalogue) -> Slip:
    """The slip of a ticket. Its large part is the stop where the visitor goes now."""
    journey, now = ticket.journey, ticket.current_turn
    service, *matters = _service_names(now, catalogue)
    agency, zone = catalogue.agency(now.agency), catalogue.zone(now.zone)
    return Slip(
        language=ticket.language,
        mall=catalogue.mall.name,
        agency=agency.name if agency else now.agency,
        service=service,
        label=ticket.label,
        zone=zone.name,
        floor=zone.floor,
        ahead=now.ahead,
        wait=(round(now.wait.p50), round(now.wait.p90)) if now.wait else None,
        taken_at=ticket.issued_at,
        timezone=catalogue.mall.timezone_label,
        url=ticket.url if ticket.slip.qr else None,
        bring=_requirements(journey, catalogue),
        head=ticket.slip.head,
        matters=tuple(matters),
        route=tuple(_stop(turn, catalogue) for turn in journey) if len(journey) > 1 else (),
    )


def _requirements(journey: Sequence[Turn], catalogue: Catalogue) -> tuple[str, ...]:
    """What to bring on the whole journey, each thing once."""
    services = [catalogue.service(code) for turn in journey for code in turn.service_codes]
    return tuple(dict.fromkeys(item for service in services if service for item in service.requirements))


def _stop(turn: Turn, catalogue: Catalogue) -> SlipStop:
    zone, agency = catalogue.zone(turn.zone), catalogue.agency(turn.agency)
    name = (agency.short_name or agency.name) if agency else turn.agency
    return SlipStop(name, zone.name, zone.floor, tuple(_service_names(turn, catalogue)), turn.state == DONE)


def _service_names(turn: Turn, catalogue: Catalogue) -> list[str]:
    """The services of one turn; one that left the catalogue goes by the name that the server gave it."""
    first, *others = turn.service_codes
    known = [catalogue.service(code) for code in (first, *others)]
    unknown = [turn.service_name or first, *others]
    return [service.name if service else name for service, name in zip(known, unknown, strict=True)]
