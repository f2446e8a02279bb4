"""A kiosk that loses its power at a step: POINT SERVER PRINTER FOLDER INTENT.

It takes one number for the intent, or prints what a greeter wants when the intent is WANTED.
"""

import os
import sys
from pathlib import Path

from kiosk import wanted_slips
from kiosk.container import Kiosk, Settings
from kiosk.journal.intents import Intents
from kiosk.journal.print_jobs import PrintJobs
from kiosk.printing.connections import Connection
from kiosk.printing.thermal_printer import ThermalPrinter
from kiosk.server_client import ServerClient
from kiosk.ticket import TicketIntent
from tests.kiosk.mall import KEY

WANTED = "wanted"
STEPS = {
    "before_asking": (ServerClient, "take", "before"),
    "after_the_answer": (ServerClient, "take", "after"),
    "after_it_was_kept": (Intents, "give", "after"),
    "after_the_wanted_slip_was_kept": (PrintJobs, "want", "after"),
    "after_the_job_was_marked": (PrintJobs, "next", "after"),
    "in_the_middle_of_the_bytes": (Connection, "write", "half"),
    "after_the_paper_came_out": (ThermalPrinter, "send", "after"),
    "after_the_result_was_kept": (PrintJobs, "finish", "after"),
    "after_the_report": (ServerClient, "report", "after"),
}


def arm(owner, name, moment):
    """Lets the power fail at one moment of one step of the kiosk."""
    step = getattr(owner, name)

    def broken(self, *arguments, **options):
        if moment == "before":
            os._exit(137)
        if moment == "half":
            return step(self, *arguments) if len(arguments[0]) < 1000 else _half(self, step, arguments[0])
        result = step(self, *arguments, **options)
        if result is not None or name in ("finish", "report"):
            os._exit(137)
        return result

    setattr(owner, name, broken)


def _half(line, write, data):
    write(line, data[: len(data) // 2])
    os._exit(137)


if __name__ == "__main__":
    point, server, printer, folder, intent = sys.argv[1:]
    arm(*STEPS[point])
    wanted_slips.EVERY_S = 0.05
    kiosk = Kiosk(Settings(server, KEY, 7000, printer, 48, Path(folder)))
    kiosk.catalogue.refresh()
    kiosk.start()
    if intent != WANTED:
        kiosk.requests.ask(TicketIntent(intent, ("A-01",), None, "id"), 5)
    kiosk.worker.join(30)
