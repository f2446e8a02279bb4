"""The first thing that anybody runs: the sample hall of the demo, sound from its first entry on."""

import subprocess

from mpp.cli.demo import _free, _locked
from mpp.demo.stage import KEYS, prepare
from mpp.settings import Settings
from tests.servers import BIN


def test_the_demo_s_hall_passes_the_check_and_goes_on_where_it_stopped(tmp_path, monkeypatch):
    settings = Settings(data_dir=tmp_path)

    first, again = prepare(settings), prepare(settings)

    assert (first.fresh, again.fresh) == (True, False)
    assert (again.sign_ins, again.kiosk) == (first.sign_ins, first.kiosk)
    assert (tmp_path / KEYS).stat().st_mode & 0o777 == 0o600
    monkeypatch.setenv("MPP_DATA_DIR", str(tmp_path))
    checked = subprocess.run([BIN / "mpp", "check"], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout


def test_two_demos_started_together_take_two_ports_and_never_one_folder(tmp_path, free_port):
    assert _free(free_port) != _free(free_port)

    assert _locked(tmp_path / "demo.lock")
    assert not _locked(tmp_path / "demo.lock")
