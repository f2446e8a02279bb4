"""The strict reader: what it knows, and that it refuses everything else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.printing.escpos_reader import Unreadable, decode
from kiosk.printing.slip_escpos import escpos
from tests.kiosk.samples import SLIP

CUT = b"\x1dVB\x00"


def test_text_is_read_with_its_size_weight_and_place():
    data = b"\x1b@\x1ba\x01\x1d!\x11\x1bE\x01Besar\n\x1d!\x00\x1bE\x00\x1ba\x00kecil\n" + CUT

    large, small = decode(data, 48).lines

    assert (large.text, large.size, large.align, large.runs[0].bold) == ("Besar", (2, 2), "center", True)
    assert (small.text, small.size, small.align, small.runs[0].bold) == ("kecil", (1, 1), "left", False)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"halo\n" + CUT,
        b"\x1b@halo\n",
        b"\x1b@halo" + CUT,
        b"\x1b@\x07" + CUT,
        b"\x1b@\x10\x04\x01" + CUT,
        b"\x1b@\xe9\n" + CUT,
        b"\x1b@\x1bp\x00\x19\xfa" + CUT,
        b"\x1b@\x1d(k\x03\x00\x31\x43\x03" + CUT,
        b"\x1b@\x1d!\x88" + CUT,
        b"\x1b@\x1ba\x07" + CUT,
        b"\x1b@\x1dv0\x00\x02\x00\x08\x00\xff" + CUT,
        b"\x1b@\x1dv0\x00\xff\x00\x01\x00" + b"\x00" * 255 + CUT,
        b"\x1b@" + CUT + b"\x1b@" + CUT,
        b"\x1b@" + b"x" * 49 + b"\n" + CUT,
        b"\x1b@\x1d!\x70" + b"x" * 7 + b"\n" + CUT,
        b"\x1b@\x1d!\x10" + b"x" * 20 + b"\x1d!\x00" + b"x" * 9 + b"\n" + CUT,
    ],
)
def test_what_is_not_exactly_one_slip_is_refused(data):
    with pytest.raises(Unreadable):
        decode(data, 48)


def test_a_width_that_fits_the_broad_paper_is_refused_on_the_narrow():
    data = escpos(SLIP, 48)

    assert decode(data, 48)
    with pytest.raises(Unreadable):
        decode(data, 32)


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_noise_is_refused_and_never_crashes_the_reader(noise):
    with pytest.raises(Unreadable):
        decode(b"\x1b@\x00" + noise, 48)


@settings(deadline=None)
@given(st.integers(0, 6000))
def test_a_slip_cut_short_is_never_taken_for_a_slip(length):
    data = escpos(SLIP, 48)

    with pytest.raises(Unreadable):
        decode(data[: min(length, len(data) - 1)], 48)
