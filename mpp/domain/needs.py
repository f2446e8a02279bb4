"""What a visitor needs at the counter: codes that the ticket keeps, and their words on the screens."""

from collections.abc import Mapping

NEEDS: Mapping[str, str] = {
    "kursi_roda": "Kursi roda",
    "juru_bahasa_isyarat": "Juru bahasa isyarat",
    "panggil_ke_kursi": "Panggil ke kursi",
    "pendamping_netra": "Pendamping netra",
}
