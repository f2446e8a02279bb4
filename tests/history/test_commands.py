"""`mpp check` and `mpp doctor`, as an administrator runs them."""

import os
import socket
import sqlite3
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from types import SimpleNamespace
from unittest.mock import patch

import pytest

from mpp.cli import main
from tests.servers import BIN, ROOT
from tests.world import World


class Terminal:
    """A terminal in the directory of an installation."""

    def __init__(self, room, url, port):
        self.room = room
        keep = {key: value for key, value in os.environ.items() if not key.startswith("MPP_")}
        self.env = keep | {
            "MPP_DATA_DIR": str(room),
            "MPP_DATABASE_URL": url,
            "MPP_BIND": f"127.0.0.1:{port}",
            "MPP_SECRET_KEY": "",
        }

    def program(self, *words):
        """Run a command as a program of its own."""
        return subprocess.run([BIN / "mpp", *words], env=self.env, cwd=ROOT, capture_output=True, text=True)

    def mpp(self, *words, **settings):
        """Run a command with these settings in this process, which is quicker; returns what came of it."""
        env = self.env | {f"MPP_{name.upper()}": value for name, value in settings.items()}
        out, err, code = StringIO(), StringIO(), 0
        with patch.dict(os.environ, env), patch.object(sys, "argv", ["mpp", *words]):
            try:
                with redirect_stdout(out), redirect_stderr(err):
                    main()
            except SystemExit as end:
                code = end.code
        return SimpleNamespace(returncode=code, stdout=out.getvalue(), stderr=err.getvalue())


@pytest.fixture
def terminal(world: World, free_port):
    """The small mall after a few deeds, and a terminal; nothing of this process holds the database."""
    _few_deeds(world)
    world.end()
    yield Terminal(world.settings.data_dir, world.settings.url, free_port)


def _few_deeds(world):
    world.open(world.loket_1)
    for _ in range(3):
        world.take(world.ktp)
    world.serve(world.loket_1)


def change(terminal, statement):
    with sqlite3.connect(terminal.room / "mpp.sqlite3") as database:
        database.execute(statement)
    database.close()


def test_check_says_that_a_sound_mall_is_sound(terminal):
    done = terminal.program("check")

    assert done.returncode == 0, done.stdout + done.stderr
    assert "Mal MPP-KECIL: 2026-11-23 sampai 2026-11-23." in done.stdout
    assert "3 nomor, 3 giliran" in done.stdout
    assert "tidak ada pelanggaran" in done.stdout


def test_check_names_every_violation_with_its_entry(terminal):
    change(terminal, "UPDATE event SET label = 'AA-009' WHERE event = 'turn_called'")
    change(terminal, "UPDATE turn SET state = 'waiting' WHERE label = 'AA-001'")

    done = terminal.program("check")

    assert done.returncode == 1
    assert "Pelanggaran: 2." in done.stdout
    assert "entri 22\tcolumn\tKolom label berbeda dari isi yang disegel." in done.stdout
    assert "turn_differs\tGiliran AA-001: tabel dan log berbeda pada state." in done.stdout


def test_check_can_report_one_day_of_one_mall(terminal):
    change(terminal, "UPDATE event SET label = 'AA-009' WHERE event = 'turn_called'")

    assert terminal.mpp("check", "--day", "2026-11-23", "--mall", "MPP-KECIL").returncode == 1
    assert terminal.mpp("check", "--day", "2026-11-22").returncode == 0


def test_check_refuses_a_mall_that_is_not_there(terminal):
    done = terminal.mpp("check", "--mall", "MPP-LAIN")

    assert done.returncode == 1
    assert "MPP-KECIL" in done.stderr


def test_check_works_on_both_databases_and_changes_nothing(any_world, free_port):
    _few_deeds(any_world)
    before = any_world.head().head

    done = Terminal(any_world.settings.data_dir, any_world.settings.url, free_port).mpp("check")

    assert done.returncode == 0, done.stdout + done.stderr
    assert any_world.head().head == before


def test_check_of_an_empty_installation_is_refused(tmp_path, free_port):
    done = Terminal(tmp_path, f"sqlite:///{tmp_path / 'mpp.sqlite3'}", free_port).mpp("check")

    assert done.returncode == 1
    assert "mpp migrate" in done.stderr


def lines(done, word):
    return [line for line in done.stdout.splitlines() if line.startswith(f"{word}:")]


def test_doctor_finds_nothing_wrong_with_a_sound_installation(terminal):
    done = terminal.mpp("doctor", public_url="https://antrean.sagara.go.id")

    assert [line for line in lines(done, "salah") if "kunci rahasia" not in line.lower()] == []
    assert any("synchronous=FULL" in line for line in lines(done, "baik"))
    assert any("Skema basis data pada versi" in line for line in lines(done, "baik"))
    assert any("https://antrean.sagara.go.id" in line for line in lines(done, "baik"))
    assert any("bebas" in line for line in lines(done, "baik"))


def test_doctor_sees_that_the_secret_is_lost(terminal):
    done = terminal.mpp("doctor")

    assert done.returncode == 1
    assert any("kunci rahasia hilang" in line for line in lines(done, "salah"))


def test_doctor_sees_that_the_secret_is_another(terminal):
    done = terminal.mpp("doctor", secret_key="x" * 40)

    assert any("bukan kunci yang memberi nomor" in line for line in lines(done, "salah"))


def test_doctor_sees_a_secret_that_others_can_read(terminal):
    (terminal.room / "secret.key").write_bytes(b"s" * 64)
    (terminal.room / "secret.key").chmod(0o644)

    done = terminal.program("doctor")

    assert done.returncode == 1
    assert any("chmod 600" in line for line in lines(done, "salah"))


def test_doctor_sees_a_secret_that_a_power_cut_left_empty(terminal):
    (terminal.room / "secret.key").touch(mode=0o600)

    assert any("kosong atau terpotong" in line for line in lines(terminal.mpp("doctor"), "salah"))


def test_doctor_says_that_phones_cannot_reach_a_loopback_address(terminal):
    done = terminal.mpp("doctor", public_url="http://localhost:8000")

    assert any("ponsel pengunjung tidak dapat membukanya" in line for line in lines(done, "salah"))


def test_doctor_says_that_without_an_address_slips_bear_no_qr(terminal):
    assert any("struk tanpa QR" in line for line in lines(terminal.mpp("doctor"), "perhatian"))


def test_doctor_explains_a_misspelt_setting(terminal):
    done = terminal.mpp("doctor", bind="nowhere")

    assert done.returncode == 1
    assert "bind" in lines(done, "salah")[0]


def test_doctor_does_not_make_a_database_by_looking_for_it(tmp_path, free_port):
    done = Terminal(tmp_path, f"sqlite:///{tmp_path / 'mpp.sqlite3'}", free_port).mpp("doctor")

    assert done.returncode == 1
    assert any("mpp init" in line for line in lines(done, "salah"))
    assert list(tmp_path.iterdir()) == []


def test_doctor_says_when_the_database_does_not_answer(tmp_path, free_port):
    done = Terminal(tmp_path, f"postgresql://mpp@127.0.0.1:{free_port}/none", free_port).mpp("doctor")

    assert done.returncode == 1
    assert any("tidak menjawab" in line for line in lines(done, "salah"))


def test_doctor_sees_a_damaged_database(terminal):
    path = terminal.room / "mpp.sqlite3"
    data = bytearray(path.read_bytes())
    data[4096 * 3 : 4096 * 12] = bytes(4096 * 9)
    path.write_bytes(data)

    done = terminal.mpp("doctor")

    assert done.returncode == 1
    assert any("rusak" in line or "tidak menjawab" in line for line in lines(done, "salah"))


def test_doctor_warns_of_a_postgresql_that_may_forget(any_world, free_port):
    done = Terminal(any_world.settings.data_dir, any_world.settings.url, free_port).mpp("doctor")

    unsafe = [line for line in lines(done, "salah") if "fsync" in line]
    assert bool(unsafe) == (not any_world.settings.on_sqlite)


def test_doctor_says_when_redis_is_away(terminal, free_port):
    done = terminal.mpp("doctor", redis_url=f"redis://127.0.0.1:{free_port}/0")

    assert any("Redis tidak menjawab" in line for line in lines(done, "salah"))


def test_doctor_sees_a_running_server_and_who_else_holds_its_port(terminal, program):
    done = terminal.mpp("doctor")
    assert any("bebas" in line for line in lines(done, "baik"))

    address = f"http://{terminal.env['MPP_BIND']}"
    server = program("mpp", "serve", env=terminal.env, ready=f"{address}/readyz")
    assert any("Server berjalan dan siap" in line for line in lines(terminal.mpp("doctor"), "baik"))
    assert terminal.mpp("check").returncode == 0

    server.stop()
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", int(terminal.env["MPP_BIND"].rpartition(":")[2])))
        other.listen()
        done = terminal.mpp("doctor")
    assert any("dipakai program" in line for line in lines(done, "salah"))
