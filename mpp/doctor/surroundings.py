"""What surrounds the server: address, port, Redis, the voice pack, Chromium."""

from __future__ import annotations

import json
import shutil
import socket
import urllib.error
import urllib.request
from contextlib import closing
from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from redis import Redis
from redis.exceptions import RedisError

from mpp import VERSION
from mpp.doctor.finding import Finding, Findings, good, notice, wrong
from mpp.settings import Settings

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PATIENCE_S = 3


def examined(settings: Settings) -> Findings:
    """Everything around the server that visitors or screens would miss."""
    if settings.redis_url:
        yield _redis(settings.redis_url)
    yield _public_url(settings.public_url)
    yield _port(settings)
    yield _clips()
    yield _browser()


def _redis(url: str) -> Finding:
    try:
        with closing(
            Redis.from_url(url, socket_timeout=PATIENCE_S, socket_connect_timeout=PATIENCE_S)
        ) as line:
            line.ping()
    except (RedisError, ValueError) as error:
        return wrong(f"Redis tidak menjawab; layar akan mendengar panggilan lebih lambat: {error}")
    return good("Redis menjawab.")


def _public_url(url: str) -> Finding:
    if not url:
        return notice(
            "MPP_PUBLIC_URL belum diatur: struk tanpa QR, dan ponsel pengunjung tidak dapat membuka nomornya."
        )
    if _loopback(urlsplit(url).hostname or ""):
        return wrong(
            f"MPP_PUBLIC_URL ({url}) hanya dikenal komputer ini; ponsel pengunjung tidak dapat membukanya."
        )
    if url.startswith("http://"):
        return notice(f"Alamat publik {url} tidak memakai HTTPS; pakai hanya di Wi-Fi gedung.")
    return good(f"Alamat publik: {url}.")


def _loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _port(settings: Settings) -> Finding:
    """Free, or held by a server of ours that can work."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104
    if not _listening(host, settings.port):
        return _bindable(settings)
    place = f"[{host}]" if ":" in host else host
    try:
        with urllib.request.urlopen(f"http://{place}:{settings.port}/readyz", timeout=PATIENCE_S) as answer:
            return _serving(settings.bind, answer.headers.get("MPP-Version"))
    except urllib.error.HTTPError as error:
        if error.headers.get("MPP-Version"):
            return wrong(
                f"Server di {settings.bind} berjalan, tetapi belum dapat bekerja (status {error.code})."
            )
    except (OSError, ValueError):
        return wrong(f"Alamat {settings.bind} dipakai program yang tidak menjawab sebagai server ini.")
    return wrong(f"Alamat {settings.bind} dipakai program lain.")


def _serving(bind: str, version: str | None) -> Finding:
    if version is None:
        return wrong(f"Alamat {bind} dipakai program lain.")
    if version != VERSION:
        return notice(
            f"Server di {bind} masih versi {version}, program ini {VERSION}. Jalankan ulang server."
        )
    return good(f"Server berjalan dan siap di {bind}.")


def _listening(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), timeout=PATIENCE_S):
            return True
    except OSError:
        return False


def _bindable(settings: Settings) -> Finding:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        with socket.socket(family) as line:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            line.bind((settings.host, settings.port))
    except OSError as error:
        return wrong(f"Server tidak dapat memakai {settings.bind}: {error.strerror or error}.")
    return good(f"Alamat {settings.bind} bebas; server sedang tidak berjalan.")


def _clips() -> Finding:
    """Without its clips a screen still shows every call and rings, but does not speak it."""
    spec = find_spec("display")
    folder = Path((spec.origin if spec else None) or "display").parent / "static" / "clips"
    try:
        rows = json.loads((folder / "clips.json").read_text())["clips"].values()
    except (OSError, ValueError, KeyError):
        return notice("Paket suara tidak ada: layar menampilkan panggilan tanpa suara.")
    missing = [row["file"] for row in rows if not (folder / row["file"]).is_file()]
    if missing:
        return notice(f"Paket suara kurang {len(missing)} berkas, antara lain {missing[0]}.")
    return good(f"Paket suara lengkap: {len(rows)} klip.")


def _browser() -> Finding:
    if found := next(filter(None, map(shutil.which, BROWSERS)), None):
        return good(f"Chromium untuk layar ada: {found}.")
    return notice(
        "Chromium tidak ada di komputer ini; perlu hanya bila layar atau anjungan berjalan di sini."
    )
