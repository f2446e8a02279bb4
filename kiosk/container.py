"""All parts of one kiosk, made once in the process that serves its pages."""

from dataclasses import dataclass
from pathlib import Path

from kiosk.catalogue_poller import CataloguePoller
from kiosk.journal import Journal
from kiosk.printing.file_printers import VirtualPrinter
from kiosk.printing.printers import printer_from
from kiosk.printing.thermal_printer import ThermalPrinter
from kiosk.printing.worker import PrintWorker
from kiosk.reconciler import Reconciler
from kiosk.secret import secret_in
from kiosk.server_client import ServerClient
from kiosk.ticket_requests import TicketRequests
from kiosk.wanted_slips import WantedSlipsPoller


@dataclass(frozen=True)
class Settings:
    """What the command line says."""

    server: str
    key: str
    port: int
    printer: str
    columns: int
    folder: Path


class Kiosk:
    """Opens the journal and recovers it; threads run from `start` to `stop`."""

    def __init__(self, settings: Settings) -> None:
        self.secret = secret_in(settings.folder)
        self.port = settings.port
        self.server = ServerClient(settings.server, settings.key)
        self.journal = Journal(settings.folder / "journal.sqlite3")
        interrupted = self.journal.recover()
        self.catalogue = CataloguePoller(self.server, settings.folder / "catalogue.json")
        printer = printer_from(settings.printer, settings.columns, settings.folder)
        if interrupted and isinstance(printer, ThermalPrinter):
            printer.distrust()
        self.virtual_printer = printer if isinstance(printer, VirtualPrinter) else None
        self.worker = PrintWorker(self.journal, printer, settings.columns)
        self.requests = TicketRequests(self.server, self.journal, self.catalogue, self.worker)
        self.reconciler = Reconciler(self.server, self.journal, self.requests)
        self.wanted_slips = WantedSlipsPoller(self.server, self.catalogue, self.requests, self.worker)

    def start(self) -> None:
        """Begins to print, to poll the catalogue and wanted slips, and to report."""
        for thread in (self.worker, self.catalogue, self.reconciler, self.wanted_slips):
            thread.start()

    def stop(self) -> None:
        """Ends cleanly; the slip in hand is finished first."""
        self.requests.end()
        self.wanted_slips.end()
        self.reconciler.end()
        self.catalogue.end()
        self.worker.end()
        self.worker.join(20)
        self.server.close()
        self.journal.close()
