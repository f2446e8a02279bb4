"""The files of an installation: settings, secret, data directory, and how fast its disk really writes."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
import time
from pathlib import Path

from mpp.doctor.finding import Findings, good, notice, wrong
from mpp.settings import CONFIG_FILE, Settings

SHORTEST_SECRET = 32
LITTLE_SPACE, LOW_SPACE = 200_000_000, 2_000_000_000
PROBES = 40
TOO_FAST, TOO_SLOW_MS = 5_000, 100


def examined(settings: Settings) -> Findings:
    """Settings file, secret and data directory."""
    if CONFIG_FILE.exists():
        yield good(f"Berkas pengaturan {CONFIG_FILE} terbaca.")
    else:
        yield notice(f"Berkas {CONFIG_FILE} tidak ada di sini; dipakai nilai bawaan dan MPP_*.")
    yield from _secret(settings)
    yield from _data_dir(settings.data_dir)
    yield from _open_to_others(settings)


def _secret(settings: Settings) -> Findings:
    path = settings.data_dir / "secret.key"
    if settings.secret_key:
        if len(settings.secret_key) < SHORTEST_SECRET:
            yield wrong(f"MPP_SECRET_KEY terlalu pendek; paling sedikit {SHORTEST_SECRET} karakter acak.")
        else:
            yield good("Kunci rahasia berasal dari MPP_SECRET_KEY.")
    elif not path.exists():
        yield notice(f"Kunci rahasia {path} belum ada; dibuat saat server pertama kali dijalankan.")
    else:
        yield from _secret_file(path)


def _secret_file(path: Path) -> Findings:
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        yield wrong(f"Kunci rahasia {path} dapat dibaca akun lain ({mode:04o}). Jalankan: chmod 600 {path}")
    elif not os.access(path, os.R_OK):
        yield wrong(f"Kunci rahasia {path} tidak boleh dibaca oleh akun ini.")
    elif path.stat().st_size < SHORTEST_SECRET:
        yield wrong(f"Kunci rahasia {path} kosong atau terpotong; kembalikan dari cadangan.")
    else:
        yield good(f"Kunci rahasia {path} hanya terbaca oleh pemiliknya.")


def _open_to_others(settings: Settings) -> Findings:
    """Database, its log beside it, their folder and the folder of logs belong to one account alone."""
    file = Path(settings.url.partition("///")[2])
    places = [settings.data_dir, settings.data_dir / "logs", *settings.data_dir.glob("logs/*")]
    if settings.on_sqlite:
        places += [file.with_name(file.name + end) for end in ("", "-wal", "-shm")]
    found = {path: stat.S_IMODE(path.stat().st_mode) for path in places if path.exists()}
    for path, mode in found.items():
        if mode & 0o077:
            wanted = "700" if path.is_dir() else "600"
            yield wrong(f"{path} terbuka bagi akun lain ({mode:04o}). Jalankan: chmod {wanted} {path}")
    if found and not any(mode & 0o077 for mode in found.values()):
        yield good("Basis data, log, dan direktorinya hanya terbuka bagi pemiliknya.")


def _data_dir(path: Path) -> Findings:
    if not path.is_dir():
        yield notice(f"Direktori data {path} belum ada; dibuat oleh mpp init.")
        return
    if not os.access(path, os.R_OK | os.W_OK | os.X_OK):
        yield wrong(f"Direktori data {path} tidak dapat ditulisi oleh akun ini.")
        return
    free = shutil.disk_usage(path).free
    words = f"Ruang bebas di {path}: {_gigabytes(free)} GB."
    if free < LITTLE_SPACE:
        yield wrong(f"{words} Kosongkan ruang sekarang; tanpa ruang tidak ada nomor.")
    elif free < LOW_SPACE:
        yield notice(f"{words} Sebaiknya lebih dari {_gigabytes(LOW_SPACE)} GB.")
    else:
        yield good(words)
    yield from _speed(path)


def _speed(path: Path) -> Findings:
    """How long it takes until written bytes are on the disk; one that is too fast may not keep its word."""
    rate = flush_rate(path)
    words = f"Satu penulisan aman ke diska perlu {_decimal(1_000 / rate)} ms ({rate:.0f} per detik)."
    if rate > TOO_FAST:
        yield notice(f"{words} Terlalu cepat untuk diska biasa: mungkin cache tulis mengabaikan fsync.")
    elif 1_000 / rate > TOO_SLOW_MS:
        yield notice(f"{words} Diska ini lambat; nomor dan panggilan akan terasa tersendat.")
    else:
        yield good(words)


def flush_rate(path: Path) -> float:
    """Writes of a page that this directory's disk confirms, per second; the file it takes is removed."""
    with tempfile.TemporaryFile(dir=path) as file:
        start = time.perf_counter()
        for _ in range(PROBES):
            file.write(bytes(4096))
            file.flush()
            os.fsync(file.fileno())
        return PROBES / max(time.perf_counter() - start, 1e-9)


def _gigabytes(size: int) -> str:
    return _decimal(size / 1e9)


def _decimal(value: float) -> str:
    """A number as it is written in Indonesia: 1,5."""
    return f"{value:.1f}".replace(".", ",")
