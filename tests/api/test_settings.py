"""What the program refuses to start with, and why it says so."""

import os
import subprocess

import pytest
from pydantic import ValidationError

from mpp.settings import Settings
from tests.servers import BIN

POSTGRES = "postgresql://mpp@127.0.0.1:1/none"


@pytest.fixture
def room(tmp_path, monkeypatch):
    """An installation without settings: nothing from the environment, no file yet."""
    for name in [name for name in os.environ if name.startswith("MPP_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config").mkdir()
    return tmp_path


@pytest.mark.parametrize(
    "settings, reason",
    [
        ({"WORKERS": "2", "DATABASE_URL": POSTGRES}, "MPP_REDIS_URL"),
        ({"WORKERS": "2", "REDIS_URL": "redis://127.0.0.1:1"}, "PostgreSQL"),
        ({"ASYNC_MODE": "gevent"}, "PostgreSQL"),
        ({"RATE_LIMITS": "off", "BIND": "0.0.0.0:8000"}, "MPP_RATE_LIMITS"),
        ({"RATE_LIMITS": "off", "BIND": "[::]:8000"}, "MPP_RATE_LIMITS"),
        ({"RATE_LIMITS": "off", "BIND": "127.evil.example:8000"}, "MPP_RATE_LIMITS"),
        ({"RATE_LIMITS": "sometimes"}, "rate_limits"),
        ({"SQLITE_SYNCHRONOUS": "NORMAL"}, "synchronous=FULL"),
        ({"BIND": "nowhere"}, "MPP_BIND"),
        ({"BIND": "127.0.0.1:99999"}, "MPP_BIND"),
        ({"PUBLIC_URL": "antrean.example"}, "MPP_PUBLIC_URL"),
        ({"WORKERS": "many"}, "workers"),
    ],
)
def test_an_unsound_setting_is_refused_with_its_reason(room, monkeypatch, settings, reason):
    for name, value in settings.items():
        monkeypatch.setenv(f"MPP_{name}", value)

    with pytest.raises(ValidationError) as refused:
        Settings.load()

    assert reason in str(refused.value)


@pytest.mark.parametrize("bind", ["127.0.0.1:8000", "127.0.0.2:8000", "[::1]:8000", "localhost:8000"])
def test_limits_may_be_off_on_loopback_alone(room, monkeypatch, bind):
    monkeypatch.setenv("MPP_RATE_LIMITS", "off")
    monkeypatch.setenv("MPP_BIND", bind)

    assert Settings.load().on_loopback


@pytest.mark.parametrize("line", ['reddis_url = ""', "workers = 0", 'bind = ["a"]'])
def test_a_misspelt_line_of_the_settings_file_is_refused(room, line):
    (room / "config" / "mpp.toml").write_text(line)

    with pytest.raises(ValidationError):
        Settings.load()


@pytest.mark.parametrize("line, reason", [('reddis_url = ""', "reddis_url"), ("", "mpp migrate")])
def test_the_server_does_not_start_and_says_what_is_wrong(room, line, reason):
    (room / "config" / "mpp.toml").write_text(line)

    done = subprocess.run([BIN / "mpp", "serve"], cwd=room, capture_output=True, text=True, timeout=90)

    assert done.returncode != 0
    assert reason in done.stderr
    assert "Traceback" not in done.stderr
