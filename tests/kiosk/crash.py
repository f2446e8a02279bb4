"""A kiosk that loses its power at a step: POINT SERVER PRINTER FOLDER INTENT.

It takes one number for the intent, or prints what a greeter wants when the intent is WISH.
"""

import os
import sys
from pathlib import Path

from kiosk import wishes
from kiosk.app import Kiosk, Settings
from kiosk.journal import Journal
from kiosk.lines import Line
from kiosk.printers import WiredPrinter
from kiosk.server import MallServer
from tests.kiosk.mall import KEY

WISH = "wish"
STEPS = {
    "before_asking": (MallServer, "take", "before"),
    "after_the_answer": (MallServer, "take", "after"),
    "after_it_was_kept": (Journal, "give", "after"),
    "after_the_wish_was_kept": (Journal, "ask_for", "after"),
    "after_the_job_was_marked": (Journal, "next_job", "after"),
    "in_the_middle_of_the_bytes": (Line, "write", "half"),
    "after_the_paper_came_out": (WiredPrinter, "send", "after"),
    "after_the_result_was_kept": (Journal, "finish", "after"),
    "after_the_report": (MallServer, "report", "after"),
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
    wishes.EVERY_S = 0.05
    kiosk = Kiosk(Settings(server, KEY, 7000, printer, 48, Path(folder)))
    kiosk.keeper.refresh()
    kiosk.start()
    if intent != WISH:
        kiosk.asker.ask(intent, ["A-01"], None, "id", 5)
    kiosk.worker.join(30)
