"""Slips to look at: one of every kind, and the ticket answers that they are made of."""

from datetime import datetime

from kiosk.printing.slip import Slip

SLIP = Slip(
    language="id",
    mall="Mal Pelayanan Publik Kota Sagara",
    agency="Dinas Kependudukan dan Pencatatan Sipil",
    service="Perekaman dan pencetakan KTP-el baru",
    label="AA-012",
    zone="Zona Merah",
    floor=1,
    ahead=4,
    wait=(20, 35),
    taken_at=datetime.fromisoformat("2026-11-22T13:05:00+07:00"),
    timezone="WIB",
    url="http://192.168.10.20:8080/t/abcdefghijklmnopqrstuv",
    bring=("Kartu Keluarga", "Surat kehilangan dari kepolisian"),
    head="a1b2c3",
)


def answer(service, number=12, language="id"):
    """What the server says when it gives a number for a row of the catalogue."""
    return {
        "id": number,
        "label": f"{service['queue']}-{number:03d}",
        "token": "abcdefghijklmnopqrstuv",
        "url": f"http://192.168.10.20:8080/t/abcdefghijklmnopqrs{number:03d}",
        "day": "2026-11-22",
        "issued_at": "2026-11-22T13:05:00+07:00",
        "state": "waiting",
        "language": language,
        "turns": [
            {
                "id": number,
                "queue": service["queue"],
                "service": service["code"],
                "agency": service["agency"],
                "zone": "merah",
                "state": "waiting",
                "ahead": 4,
                "wait": {"p50": 20, "p90": 35, "text": "20 sampai 35 menit"},
                "counter": None,
                "calls": 0,
            }
        ],
        "slip": {"id": number, "qr": True, "head": "a1b2c3"},
    }
