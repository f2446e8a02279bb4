"""The reasons that officers choose from: codes for the log, words for the screens."""

from collections.abc import Mapping

OTHER = "alasan lain"

# By verb, in the order in which a screen offers them.
REASONS: Mapping[str, Mapping[str, str]] = {
    "pause": {
        "istirahat": "istirahat",
        "salat": "salat",
        "rapat": "rapat",
        "gangguan_sistem": "gangguan sistem",
        "lainnya": OTHER,
    },
    "park": {
        "dokumen": "dokumen belum lengkap",
        "fotokopi": "fotokopi dokumen",
        "pembayaran": "melakukan pembayaran",
        "sistem": "menunggu sistem",
        "menunggu_petugas": "menunggu petugas lain",
        "permintaan": "permintaan pengunjung",
    },
    "call": {
        "darurat": "keadaan darurat",
        "rentan": "pengunjung rentan",
        "janji_temu": "sudah membuat janji temu",
        "salah_panggil": "panggilan sebelumnya keliru",
        "arahan_supervisor": "arahan supervisor",
    },
    "transfer": {
        "salah_loket": "datang ke loket yang keliru",
        "salah_layanan": "layanan yang dipilih keliru",
        "lanjutan": "langkah lanjutan",
        "beban": "membagi beban antrean",
    },
    "priority": {
        "terverifikasi": "sudah diverifikasi petugas",
        "tidak_memenuhi": "tidak memenuhi syarat prioritas",
        "salah_pilih": "pengunjung keliru memilih",
    },
    "close": {"selesai": "pelayanan selesai", "pindah_loket": "pindah loket", "pulang": "petugas pulang"},
    "disturbance": {
        "sistem": "gangguan sistem instansi",
        "jaringan": "gangguan jaringan",
        "listrik": "gangguan listrik",
        "pusat": "gangguan sistem pusat",
    },
    "emergency": {
        "medis": "keadaan darurat medis",
        "kebakaran": "kebakaran",
        "keamanan": "gangguan keamanan",
    },
}

# What no officer chooses: the program writes it into the log itself.
OWN: Mapping[str, str] = {
    "day_ended": "hari layanan berakhir",
    "paper": "dicatat dari kertas",
    "person_disabled": "akun petugas dinonaktifkan",
    "undone": "diurungkan",
    "wrong_service": REASONS["transfer"]["salah_layanan"],
}


def reasons(verb: str) -> Mapping[str, str]:
    """What a screen offers for a verb: words by code. Every code may be logged, also one that is not here."""
    return REASONS[verb]


def reason_words(verb: str, code: str | None) -> str:
    """The words of a logged reason, small letters first; empty without a reason, "alasan lain" if unknown."""
    if code is None:
        return ""
    return REASONS.get(verb, {}).get(code) or OWN.get(code, OTHER)
