"""Power cuts at every step between the tap and the paper: one ticket, at most one paper, no silent loss."""

import subprocess
import sys

import pytest

from kiosk import wanted_slips
from kiosk.container import Kiosk, Settings
from kiosk.printing.escpos_reader import decode
from tests.kiosk import crash
from tests.kiosk.mall import KEY
from tests.servers import ROOT, wait_until

INTENT = "satu-niat-pengunjung"

# After the power is back: how many papers came out, and what the server is told of them.
OUTCOMES = {
    "before_asking": (1, ["printed"]),
    "after_the_answer": (1, ["printed"]),
    "after_it_was_kept": (1, ["printed"]),
    "after_the_job_was_marked": (0, ["unknown"]),
    "in_the_middle_of_the_bytes": (0, ["unknown"]),
    "after_the_paper_came_out": (1, ["unknown"]),
    "after_the_result_was_kept": (1, ["printed"]),
    "after_the_report": (1, ["printed", "printed"]),
}


# The same for a paper that a greeter wants.
WANTED_OUTCOMES = {
    "after_the_wanted_slip_was_kept": (1, ["printed"]),
    **{point: OUTCOMES[point] for point in ("after_the_job_was_marked", "after_the_paper_came_out")},
}


def test_every_step_has_its_expectation():
    assert OUTCOMES.keys() | WANTED_OUTCOMES.keys() == crash.STEPS.keys()


@pytest.mark.parametrize("point", OUTCOMES)
def test_a_power_cut_gives_one_ticket_and_at_most_one_paper(point, mall, printer, tmp_path):
    lose_power(point, mall, printer, tmp_path)
    parts = Kiosk(Settings(mall.url, KEY, 7000, printer.spec, 48, tmp_path))
    parts.catalogue.refresh()
    parts.start()
    parts.requests.watch(INTENT)

    papers, results = OUTCOMES[point]
    assert mall.wait_for(lambda device: len(device.reports) >= len(results), 15)
    wait_until(lambda: not parts.journal.print_jobs.unreported(), 5)
    parts.stop()

    assert len(mall.tickets) == 1
    assert len(printer.papers) == papers
    assert mall.reports == [(1001, result) for result in results]
    keys = {key for path, key, _ in mall.requests if path.startswith("/api/v1/slips/")}
    assert len(keys) == 1, "a report that is told twice is the same report"


@pytest.mark.parametrize("point", WANTED_OUTCOMES)
def test_a_power_cut_prints_a_wanted_paper_at_most_once(point, mall, printer, tmp_path, monkeypatch):
    monkeypatch.setattr(wanted_slips, "EVERY_S", 0.05)
    mall.want(77, mall.give("pemandu", {"services": ["A-01"], "language": "id"}), copy=False)
    lose_power(point, mall, printer, tmp_path, crash.WANTED)
    parts = Kiosk(Settings(mall.url, KEY, 7000, printer.spec, 48, tmp_path))
    parts.catalogue.refresh()
    parts.start()

    papers, results = WANTED_OUTCOMES[point]
    assert mall.wait_for(lambda device: len(device.reports) >= len(results), 15)
    wait_until(lambda: not parts.journal.print_jobs.unreported(), 5)
    parts.wanted_slips.look()
    parts.stop()

    assert len(printer.papers) == papers
    # While the mall still asks for it, the same is told again.
    assert list(dict.fromkeys(mall.reports)) == [(77, result) for result in results]


def test_a_second_paper_after_a_doubt_is_a_copy(mall, printer, tmp_path):
    lose_power("in_the_middle_of_the_bytes", mall, printer, tmp_path)
    parts = Kiosk(Settings(mall.url, KEY, 7000, printer.spec, 48, tmp_path))
    parts.catalogue.refresh()
    parts.start()

    assert parts.journal.print_jobs.reprint(INTENT)
    parts.worker.wake()

    assert printer.wait_for(lambda device: device.papers, 10)
    parts.stop()
    assert len(printer.papers) == 1
    assert "SALINAN" in decode(printer.papers[0], 48).text, "nothing of the lost paper is left on it"


def lose_power(point, mall, printer, folder, intent=INTENT):
    command = [sys.executable, "-m", "tests.kiosk.crash", point, mall.url, printer.spec, str(folder), intent]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=40)
    assert ended.returncode == 137, ended.stderr
