"""The drivers against printers that fail: what is said of a slip must be true of its paper."""

import os
import pty
import threading
import tty

import pytest

from kiosk.printing import connections, escpos_reader, printer_status, thermal_printer
from kiosk.printing.file_printers import KEPT_SLIPS
from kiosk.printing.printer import Outcome
from kiosk.printing.printers import BadPrinter, printer_from
from kiosk.printing.slip_escpos import escpos
from tests.kiosk.samples import SLIP

DATA = escpos(SLIP, 48)


@pytest.fixture
def driver(printer, tmp_path, monkeypatch):
    monkeypatch.setattr(printer_status, "ANSWER_S", 0.3)
    monkeypatch.setattr(thermal_printer, "REPORT_S", 0.6)
    return printer_from(printer.spec, 48, tmp_path)


def test_a_good_printer_gives_one_paper_and_says_so(driver, printer):
    assert driver.send(DATA) == Outcome("printed")

    assert printer.papers == [DATA]
    questions = [b"\x10\x04\x04", b"\x10\x04\x02", b"\x10\x04\x03", b"\x10\x04\x01"]
    assert printer.questions == questions, "no question while the slip is on its way"


@pytest.mark.parametrize(("fault", "reason"), [("paper_out", "paper_out"), ("cover_open", "cover_open")])
def test_a_printer_that_cannot_print_is_not_sent_anything(driver, printer, fault, reason):
    setattr(printer, fault, True)

    assert driver.send(DATA) == Outcome("failed", reason)
    assert driver.condition() == reason
    assert printer.papers == [] and not printer._buffer


def test_a_printer_recovers_without_a_restart(driver, printer):
    printer.paper_out = True
    driver.send(DATA)
    printer.reload()

    assert driver.condition() == "ready"
    assert driver.send(DATA) == Outcome("printed")
    assert len(printer.papers) == 1


def test_paper_that_ends_in_the_middle_leaves_it_unknown(driver, printer):
    printer.paper_out_after = 900

    assert driver.send(DATA) == Outcome("unknown", "paper_out")
    assert printer.papers == []


def test_what_is_left_of_a_broken_slip_is_cleared_before_the_next(driver, printer):
    printer.paper_out_after = 900
    driver.send(DATA)
    # What of the first line is heard only after the new paper is in would come out of the printer's buffer.
    assert printer.wait_for(lambda device: device.ended == 1)
    copy = escpos(SLIP.as_copy(), 48)
    printer.paper_out, printer.paper_out_after = False, None

    assert driver.send(copy) == Outcome("printed")

    assert b"\x10\x05\x02" in printer.questions
    assert printer.papers == [copy], "at most one paper without the mark of a copy"


def test_a_line_that_breaks_in_the_middle_leaves_it_unknown(driver, printer):
    printer.reset_after = 3000

    assert driver.send(DATA) == Outcome("unknown", "broken")
    printer.reset_after = None
    assert driver.send(escpos(SLIP.as_copy(), 48)).result == "printed"


def test_a_printer_that_stalls_is_not_waited_for(driver, printer):
    printer.stall_after = 2000

    outcome = driver.send(DATA)

    assert outcome == Outcome("unknown", "stalled")
    assert printer.papers == []


def test_a_printer_that_never_reads_is_given_up_by_the_write_itself(tmp_path):
    near, far = os.pipe()
    os.close(os.dup(near))
    with connections.Connection(far, stall_s=0.2) as line, pytest.raises(TimeoutError):
        line.write(b"x" * 1_000_000)


def test_a_mute_printer_prints_but_is_not_believed(driver, printer):
    printer.mute = True

    assert driver.send(DATA) == Outcome("unknown", "mute")
    assert printer.papers == [DATA]
    assert driver.condition() == "mute"


def test_a_clone_without_the_report_is_believed_when_nothing_is_wrong(driver, printer):
    printer.knows_report = False

    assert driver.send(DATA) == Outcome("printed")
    assert printer.papers == [DATA]


def test_a_stranger_at_the_address_is_sent_no_slip(driver, printer):
    printer.garbage = True

    assert driver.send(DATA) == Outcome("failed", "stranger")
    assert printer.papers == []


def test_nobody_at_the_address_is_a_failure_and_not_a_doubt(driver, printer):
    printer.stop_listening()

    assert driver.condition() == "away"
    assert driver.send(DATA) == Outcome("failed", "away")


def test_a_printer_on_a_serial_port_speaks_the_same(tmp_path, printer):
    near, far = pty.openpty()
    tty.setraw(near)
    papers = _pump(near, printer)
    driver = printer_from(f"serial:{os.ttyname(far)}:115200", 48, tmp_path)

    assert driver.send(DATA) == Outcome("printed")
    assert papers.papers == [DATA]


def test_a_printer_on_usb_is_a_device_file(tmp_path, printer):
    near, far = pty.openpty()
    tty.setraw(near)
    tty.setraw(far)
    papers = _pump(near, printer)
    driver = printer_from(f"usb:{os.ttyname(far)}", 48, tmp_path)

    assert driver.send(DATA) == Outcome("printed")
    assert papers.papers == [DATA]
    assert printer_from("usb:04b8:0e15", 48, tmp_path).send(DATA) == Outcome("failed", "away")


def _pump(fd, printer):
    """Lets the emulator sit at the other end of a terminal."""

    class Terminal:
        def sendall(self, data):
            os.write(fd, data)

    def run():
        while True:
            try:
                printer._hear(Terminal(), os.read(fd, 512))
            except OSError:
                return

    threading.Thread(target=run, daemon=True).start()
    return printer


def test_a_file_takes_slips_one_after_another(tmp_path):
    target = tmp_path / "struk.bin"
    driver = printer_from(f"file:{target}", 48, tmp_path)

    assert [driver.send(DATA), driver.send(DATA)] == [Outcome("printed")] * 2

    assert len(list(escpos_reader.decode_all(target.read_bytes(), 48))) == 2
    assert target.read_bytes() == DATA + DATA


def test_a_folder_takes_one_file_for_each_slip(tmp_path):
    folder = tmp_path / "struk"
    folder.mkdir()
    driver = printer_from(f"file:{folder}", 48, tmp_path)

    driver.send(DATA)
    driver.send(DATA)

    assert [path.read_bytes() for path in folder.iterdir()] == [DATA, DATA]


def test_the_virtual_printer_keeps_the_last_slips_to_look_at(tmp_path):
    driver = printer_from("virtual", 48, tmp_path)

    for _ in range(30):
        assert driver.send(DATA) == Outcome("printed")

    assert len(driver.slips()) == KEPT_SLIPS
    assert "AA-012" in escpos_reader.decode(driver.slip(driver.slips()[0]), 48).text
    with pytest.raises(KeyError):
        driver.slip("../secret")


def test_the_virtual_printer_refuses_what_it_cannot_read(tmp_path):
    driver = printer_from("virtual", 32, tmp_path)

    assert driver.send(DATA).result == "failed"


@pytest.mark.parametrize(
    "words",
    ["", "printer", "network:", "network:a b", "network:host:0", "network:host:99999", "usb:", "usb:xx:yy",
     "serial:ttyUSB0", "serial:/dev/ttyUSB0:12345", "file:", "file:/nowhere/at/all/x", "virtual:1"],
)  # fmt: skip
def test_words_that_name_no_printer_are_refused(words, tmp_path):
    with pytest.raises(BadPrinter):
        printer_from(words, 48, tmp_path)
