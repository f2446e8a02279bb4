"""What every page needs: the parts of the kiosk, the presenter of the visit, the frame of the screen."""

from flask import abort, current_app

from kiosk.catalogue import Mall
from kiosk.container import Kiosk
from kiosk.printing import printer, printer_status
from kiosk.web import visit
from kiosk.web.presenter import Presenter
from kiosk.web.rows import Frame

UNKNOWN_MALL = Mall(name="", timezone="", timezone_label="")
TROUBLES = (
    printer_status.PAPER_OUT,
    printer_status.COVER_OPEN,
    printer_status.FAULT,
    printer.AWAY,
    printer.STALLED,
    printer.BROKEN,
)


def kiosk() -> Kiosk:
    """The kiosk whose pages these are."""
    found: Kiosk = current_app.extensions["kiosk"]
    return found


def presenter() -> Presenter:
    """Presents in the visitor's language; answers 503 while no catalogue was ever heard."""
    poller = kiosk().catalogue
    if poller.current is None:
        abort(503)
    return Presenter(poller.current, visit.language(), poller.now())


def frame() -> dict[str, Frame]:
    """The context processor: what the frame of every screen shows."""
    catalogue, now = kiosk().catalogue.current, kiosk().catalogue.now()
    mall = catalogue.mall if catalogue else UNKNOWN_MALL
    return {
        "frame": Frame(
            mall_name=mall.name,
            clock=f"{now:%H.%M}",
            clock_zone=mall.timezone_label,
            clock_minutes=now.hour * 60 + now.minute,
            clock_seconds=now.second,
            language=visit.language(),
            languages=mall.languages,
            large=visit.large_text(),
            away=kiosk().catalogue.away,
            printer_trouble=kiosk().worker.condition in TROUBLES,
            virtual_printer=kiosk().virtual_printer is not None,
            journey_length=len(visit.journey()),
            emergency_number=mall.emergency,
            emergencies=presenter().emergencies() if catalogue else (),
            changed=visit.is_changed(),
        )
    }
