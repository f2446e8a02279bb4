"""A full disk, a locked or vanished database: a number is refused politely, and nothing is half written."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.api.mall import KTP, TICKETS, Mall, code

ENOUGH = "12m"


def refused(answer):
    assert (answer.status_code, code(answer)) == (503, "busy"), answer.text
    assert int(answer.headers["Retry-After"]) >= 1
    return True


def numbers(mall):
    return [event["label"] for event in mall.events() if event["event"] == "ticket_taken"]


@pytest.fixture
def small_disk(model, tmp_path):
    """A mall whose data lies on a small disk of its own; `.outside` is that disk as we see it."""
    mall = Mall.copy(model, tmp_path / "data")
    keep, data = tmp_path / "keep", tmp_path / "data"
    fill = f"mkdir {keep} && cp -a {data}/. {keep} && mount -t tmpfs -o size={ENOUGH} tmpfs {data}"
    mount = f'{fill} && cp -a {keep}/. {data} && exec "$@"'
    apart = (
        ["unshare", "--mount"] if os.getuid() == 0 else ["unshare", "--user", "--map-root-user", "--mount"]
    )
    mall.serve(*apart, "sh", "-c", mount, "sh")
    mall.outside = Path(f"/proc/{mall.server.pid}/root{tmp_path}/data")
    yield mall
    mall.end()


def test_a_full_disk_gives_no_number_and_the_next_free_byte_gives_it(small_disk):
    mall, ballast = small_disk, small_disk.outside / "ballast"
    first = mall.take()
    with pytest.raises(OSError), ballast.open("wb", buffering=0) as filling:
        while True:
            filling.write(bytes(4096))

    answers = []
    while len(answers) < 200 and (not answers or answers[-1].status_code == 201):
        answers.append(mall.post("kiosk", TICKETS, {**KTP, "priority": "LANSIA"}, f"full-{len(answers)}"))

    assert refused(answers[-1])
    given = [first["label"], *(answer.json()["label"] for answer in answers[:-1])]
    assert numbers(mall) == given
    assert mall.get("nobody", f"{TICKETS}/{first['token']}").status_code == 200
    assert mall.get("display", "/api/v1/zones/merah/board").status_code == 200

    ballast.unlink()
    again = mall.post("kiosk", TICKETS, {**KTP, "priority": "LANSIA"}, f"full-{len(answers) - 1}")

    assert again.status_code == 201
    assert numbers(mall) == [*given, again.json()["label"]]
    assert [int(label[3:]) for label in numbers(mall)] == list(range(1, len(given) + 2))
    assert '"event": "bug"' not in mall.server.output
    assert "LANSIA" not in mall.server.output
    inside = ["nsenter", "--target", str(mall.server.pid), "--mount", *(["--user"] if os.getuid() else [])]
    env = {**os.environ, **mall.env}
    command = [*inside, os.fspath(Path.cwd() / ".venv/bin/mpp"), "check"]
    assert subprocess.run(command, env=env, capture_output=True, timeout=60).returncode == 0


def test_a_database_file_that_vanished_takes_no_number_with_it(another):
    mall = another()
    mall.serve()
    before = mall.take()["label"]
    file, away = mall.room / "mpp.sqlite3", mall.room / "away.sqlite3"
    file.rename(away)

    assert refused(mall.post("kiosk", TICKETS, KTP, "nowhere to write"))
    assert not file.exists()

    away.rename(file)
    again = mall.post("kiosk", TICKETS, KTP, "nowhere to write")
    assert again.status_code == 201
    assert numbers(mall) == [before, again.json()["label"]]
    mall.command("check")


def test_a_database_file_that_was_replaced_is_the_one_that_counts(another, model):
    """As after a restore: numbers must not go on into the file that is gone."""
    mall = another()
    mall.serve()
    mall.take()
    file = mall.room / "mpp.sqlite3"
    for old in mall.room.glob("mpp.sqlite3*"):
        old.unlink()
    file.write_bytes((model.room / "mpp.sqlite3").read_bytes())

    answers = [mall.post("kiosk", TICKETS, KTP, "after a restore") for _ in range(3)]

    assert {answer.status_code for answer in answers} <= {201, 503}
    assert answers[-1].status_code == 201
    assert numbers(mall) == [answers[-1].json()["label"]] == ["AA-001"]
    mall.command("check")
