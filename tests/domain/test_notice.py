"""What notices say: in words of the mall, with its time, and nothing that is not known."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from mpp.domain.notice import disturbance_sentence, pause_sentence

WITA = ZoneInfo("Asia/Makassar")
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=WITA)


@pytest.mark.parametrize(
    "reason, minutes, words",
    [
        ("sistem", None, "Sistem Samsat sedang gangguan."),
        ("listrik", 10, "Listrik Samsat sedang gangguan, diperkirakan pulih pukul 09.10 WITA."),
        ("banjir", 1440, "Layanan Samsat sedang terganggu, diperkirakan pulih besok pukul 09.00 WITA."),
        (None, 0, "Layanan Samsat sedang terganggu."),
    ],
)
def test_a_disturbance_in_a_sentence(reason, minutes, words):
    end = None if minutes is None else NOW + timedelta(minutes=minutes)

    assert disturbance_sentence("Samsat", reason, end, NOW, WITA) == words


def test_a_disturbance_in_english():
    said = disturbance_sentence("Samsat", "jaringan", NOW + timedelta(minutes=5), NOW, WITA, "en")

    assert said == "The network of Samsat is down, expected back at 09:05 WITA."


@pytest.mark.parametrize(
    "reason, minutes, words",
    [
        ("istirahat", 60, "Loket 2 istirahat sampai 10.00 WITA"),
        ("gangguan_sistem", None, "Loket 2 gangguan sistem"),
        ("lainnya", 60, "Loket 2 jeda sampai 10.00 WITA"),
        ("tidak-dikenal", None, "Loket 2 jeda"),
        (None, -1, "Loket 2 jeda"),
    ],
)
def test_a_pause_in_a_sentence(reason, minutes, words):
    end = None if minutes is None else NOW + timedelta(minutes=minutes)

    assert pause_sentence("Loket 2", reason, end, NOW, WITA) == words
