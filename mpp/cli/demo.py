"""The command `mpp demo`: a newcomer sees a working hall within a minute."""

import fcntl
import os
import signal
import socket
import tempfile
from pathlib import Path
from types import FrameType
from typing import IO

import click

from mpp.demo.crew import Crew, CrewFailed
from mpp.demo.stage import KEYS, Stage, prepare
from mpp.settings import Settings

USUAL_PORT, KIOSK_PORT = 8000, 8001
LOCKS: list[IO[str]] = []
SHOWN_SIGN_INS = ("supervisor", "petugas-a", "petugas-e", "pemandu", "admin")


@click.command()
@click.option("--visitors", is_flag=True, help="Simulated visitors come and simulated officers serve.")
def demo(visitors: bool) -> None:
    """Run the sample mall: server, kiosk with a virtual printer, displays."""
    signal.signal(signal.SIGTERM, _as_interrupt)
    try:
        settings = _settings()
    except CrewFailed as error:
        raise click.ClickException(str(error)) from error
    stage = prepare(settings)
    crew = Crew(settings.data_dir / "logs")
    try:
        kiosk = _start(crew, settings, stage, visitors)
        _tell(settings, stage, kiosk, visitors)
        crew.watch()
    except KeyboardInterrupt:
        click.echo("\nDemo berhenti. Jalankan lagi untuk melanjutkan.")
    except CrewFailed as error:
        raise click.ClickException(str(error)) from error
    finally:
        crew.stop()


def _settings() -> Settings:
    """The demo's own folder, SQLite whatever else is set, and the first free port from the usual one on."""
    folder = Path(os.environ.get("MPP_DATA_DIR") or "var/demo").absolute()
    folder.mkdir(parents=True, exist_ok=True)
    if not _locked(folder / "demo.lock"):
        raise CrewFailed(f"Demo lain berjalan di {folder}. Hentikan dahulu, atau pilih MPP_DATA_DIR lain.")
    bind = os.environ.get("MPP_BIND") or f"127.0.0.1:{_free(USUAL_PORT)}"
    asked = int(bind.rpartition(":")[2])
    if "MPP_BIND" in os.environ and _free(asked) != asked:
        raise CrewFailed(f"Port {asked} sedang dipakai program lain.")
    url = os.environ.get("MPP_PUBLIC_URL") or f"http://{_reachable(bind)}"
    given = {"data_dir": folder, "bind": bind, "public_url": url}
    return Settings.model_validate({**given, "database_url": "", "redis_url": "", "workers": 1})


def _start(crew: Crew, settings: Settings, stage: Stage, visitors: bool) -> str:
    server = f"http://{settings.bind.replace('0.0.0.0', '127.0.0.1')}"  # noqa: S104 (asked for by the user)
    env = {
        "MPP_DATA_DIR": str(settings.data_dir),
        "MPP_BIND": settings.bind,
        "MPP_PUBLIC_URL": settings.public_url,
        "MPP_DATABASE_URL": "",
        "MPP_REDIS_URL": "",
        "MPP_KIOSK_KEY": stage.kiosk,
    }
    click.echo("Menyiapkan mal contoh …")
    crew.start("server", "mpp.cli", "serve", env=env)
    crew.wait_for(f"{server}/readyz")
    port = str(_free(KIOSK_PORT))
    crew.start("kiosk", "kiosk.cli", "--server", server, "--port", port, "--printer", "virtual", env=env)
    crew.wait_for(f"http://127.0.0.1:{port}/")
    if visitors:
        keys = str(settings.data_dir / KEYS)
        crew.start("visitors", "mpp.demo.visitors", server, keys, env=env)
    return f"http://127.0.0.1:{port}/"


def _tell(settings: Settings, stage: Stage, kiosk: str, visitors: bool) -> None:
    url = settings.public_url
    lines = [
        "",
        "Mal contoh sudah buka. Buka di peramban:",
        f"  Anjungan (ambil nomor)  {kiosk}",
        f"  Struk dari anjungan     {kiosk}struk",
        f"  Masuk petugas           {url}/",
        *(f"  Layar zona {zone:<12} {url}/display/{zone}#key={key}" for zone, key in stage.displays.items()),
        "",
        *_sign_in_lines(settings, stage),
        "Pengunjung dan petugas tiruan sedang bekerja."
        if visitors
        else "Dengan pengunjung tiruan: VISITORS=1 make demo",
        "Berhenti: Ctrl-C",
    ]
    click.echo("\n".join(lines))


def _sign_in_lines(settings: Settings, stage: Stage) -> list[str]:
    path = settings.data_dir / KEYS
    if not stage.fresh:
        return [f"Nama dan kata sandi dari jalan pertama ada di {path}"]
    rows = [f"  {name:<12} {stage.sign_ins[name]}" for name in SHOWN_SIGN_INS if name in stage.sign_ins]
    return ["Nama dan kata sandi (hanya ditampilkan sekali):", *rows, f"Semua tersimpan di {path}", ""]


def _free(port: int) -> int:
    """The first port from `port` on that nobody listens on, and no other demo is about to."""
    for candidate in range(port, port + 100):
        if not _locked(Path(tempfile.gettempdir()) / f"mpp-demo-{candidate}.lock"):
            continue
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", candidate))
            except OSError:
                continue
            return candidate
    raise CrewFailed(f"Semua port dari {port} sampai {port + 99} terpakai.")


def _locked(path: Path) -> bool:
    """Whether this file is ours alone now; it stays so until this program ends."""
    try:
        file = path.open("a")
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    LOCKS.append(file)
    return True


def _reachable(bind: str) -> str:
    """The address that a phone in the same network would use; nothing is sent to find it out."""
    host, _, port = bind.rpartition(":")
    if host != "0.0.0.0":  # noqa: S104 (asked for by the user)
        return bind
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return f"127.0.0.1:{port}"
        return f"{probe.getsockname()[0]}:{port}"


def _as_interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
