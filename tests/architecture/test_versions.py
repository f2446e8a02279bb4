"""What is installed is what was locked, and new enough where an old one would lose numbers or calls."""

import re
import tomllib
from importlib import metadata

import pysqlite3
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.servers import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LOCKS = {
    name: (ROOT / "config" / name).read_text() for name in ("requirements.lock", "requirements-dev.lock")
}
PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)", re.MULTILINE)


def test_sqlite_has_no_race_when_its_log_starts_anew():
    """3.7.0 to 3.51.2 can corrupt a database whose write-ahead log is reset by two connections at once."""
    assert pysqlite3.sqlite_version_info >= (3, 51, 3)


@pytest.mark.parametrize(
    ("package", "least"), [("python-socketio", "5.16.2"), ("python-engineio", "4.13.2"), ("flask", "3.1.3")]
)
def test_packages_with_known_holes_are_past_them(package, least):
    assert Version(metadata.version(package)) >= Version(least)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_its_hash(lock):
    entries = re.split(r"^(?=\S)", LOCKS[lock], flags=re.MULTILINE)

    assert [entry.split()[0] for entry in entries if entry.strip() and "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize(
    ("wanted", "lock"),
    [(wanted, "requirements.lock") for wanted in PROJECT["project"]["dependencies"]]
    + [(wanted, "requirements-dev.lock") for wanted in PROJECT["dependency-groups"]["dev"]],
)
def test_the_lock_holds_what_the_project_asks_for(wanted, lock):
    asked, locked = Requirement(wanted), _pins(lock)

    assert locked[canonicalize_name(asked.name)] in asked.specifier


def test_both_locks_agree():
    run, dev = _pins("requirements.lock"), _pins("requirements-dev.lock")

    assert {name: version for name, version in run.items() if dev.get(name) != version} == {}


def _pins(lock):
    return {canonicalize_name(name): version for name, version in PIN.findall(LOCKS[lock])}
