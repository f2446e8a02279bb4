"""A database that is damaged, closed or tampered with is not served from, and a sentence says what to do."""

import os
import random
import shutil
import sqlite3
import stat
from contextlib import closing

import pytest
from sqlalchemy import text

from mpp.db import Database
from mpp.domain.errors import DatabaseBroken
from mpp.jobs.nightly import JOBS
from mpp.settings import Settings
from mpp.soundness import Unsound, flaws, require_sound
from tests.servers import Program

pytestmark = [pytest.mark.faults, pytest.mark.timeout(180)]

PAGE = 4096


@pytest.fixture
def hall(sqlite_hall):
    _ask(sqlite_hall.database, "PRAGMA wal_checkpoint(TRUNCATE)")
    return sqlite_hall


def _ask(path, *statements):
    with closing(sqlite3.connect(path)) as line, line:
        return [line.execute(statement).fetchall() for statement in statements][-1]


def _open(hall, path):
    return Database(Settings(data_dir=hall.room, database_url=f"sqlite:///{path}"))


def _spoil(path, page):
    with path.open("r+b") as file:
        file.seek((page - 1) * PAGE)
        file.write(random.Random(page).randbytes(PAGE))


def _refused(hall, **who):
    """What the server says when it does not start."""
    server = Program(hall.serve_command, hall.env, log=hall.room / "refused.log", **who)
    assert server.process.wait(60) == 1, server.output
    assert "Traceback" not in server.output
    return server.output


def test_no_damaged_page_is_served_from(hall, tmp_path):
    pages, free = hall.database.stat().st_size // PAGE, _ask(hall.database, "PRAGMA freelist_count")[0][0]
    unseen = 0
    for page in random.Random(7).sample(range(1, pages + 1), 40):
        copy = shutil.copy(hall.database, tmp_path / f"{page}.sqlite3")
        _spoil(copy, page)
        db = _open(hall, copy)
        try:
            require_sound(db)
            unseen += 1
        except Unsound as error:
            assert "cadangan" in str(error)
        db.writer.dispose()
        db.reader.dispose()

    assert unseen <= free


@pytest.mark.parametrize("page", [1, 9])
def test_the_server_says_that_its_file_is_damaged_and_does_not_start(hall, page):
    _spoil(hall.database, page)

    said = _refused(hall)

    assert "kembalikan dari cadangan" in said


def test_every_command_says_so_in_a_sentence(hall):
    _spoil(hall.database, 1)
    for command in ("check", "migrate", "doctor"):
        done = Program([hall.serve_command[0], command], hall.env, log=hall.room / f"{command}.log")
        assert done.process.wait(60) == 1, done.output
        assert "Traceback" not in done.output
        assert "asis data" in done.output


def test_the_server_says_that_its_file_is_closed_to_it_and_does_not_start(hall):
    secret = {"MPP_SECRET_KEY": "s" * 40}
    hall.env |= secret
    hall.database.chmod(0o444)
    for folder in (hall.room, *hall.room.parents):
        if folder.stat().st_uid == os.getuid() and str(folder).startswith("/tmp/"):
            folder.chmod(0o755)

    said = _refused(hall, user="nobody" if os.getuid() == 0 else None)

    assert "tidak dapat ditulisi" in said
    assert "chmod 600" in said or "chmod 700" in said


@pytest.mark.parametrize(
    "deed",
    [
        "UPDATE mall_log SET seq = seq - 1",
        "UPDATE mall_log SET head = zeroblob(32)",
        "DELETE FROM event WHERE seq = (SELECT max(seq) FROM event)",
        "UPDATE event SET sealed = CAST('{}' AS BLOB) WHERE seq = (SELECT max(seq) FROM event)",
        "UPDATE event SET hash = zeroblob(32) WHERE seq = (SELECT max(seq) FROM event)",
    ],
)
def test_a_log_that_does_not_end_in_its_head_is_not_served_from(hall, deed):
    _ask(hall.database, deed)

    with pytest.raises(Unsound, match="Kepala log"):
        require_sound(_open(hall, hall.database))


def test_the_night_finds_what_the_day_did_not_meet(hall):
    db = _open(hall, hall.database)
    assert JOBS["look-at-database"].run(db, None) == "basis data utuh"

    _ask(hall.database, "UPDATE mall_log SET head = zeroblob(32)")

    with pytest.raises(Unsound, match="Kepala log"):
        JOBS["look-at-database"].run(db, None)


def test_a_row_that_points_at_nothing_is_named_and_the_rest_goes_on(hall):
    _ask(hall.database, "PRAGMA foreign_keys=OFF", "UPDATE device SET mall_id = 99 WHERE id = 1")

    (sentence,) = require_sound(_open(hall, hall.database))

    assert "device" in sentence


def test_a_log_that_a_long_reader_lets_grow_is_named_and_the_rest_goes_on(hall):
    log = hall.database.with_name("mpp.sqlite3-wal")
    log.touch()
    os.truncate(log, 170_000_000)

    (sentence,) = require_sound(_open(hall, hall.database))

    assert "170 MB" in sentence


def test_a_sound_database_has_no_flaw_on_either_kind(hall, postgres, on_postgres):
    assert list(flaws(_open(hall, hall.database))) == []
    settings = Settings(data_dir=hall.room, database_url=on_postgres.database_url)
    assert list(flaws(Database(settings))) == []


def test_a_broken_piece_of_the_structure_is_named_and_every_other_line_goes_on(hall):
    _ask(
        hall.database,
        "PRAGMA foreign_keys=OFF",
        "UPDATE agency SET zone_id = 999 WHERE code = 'B'",
        "UPDATE queue SET schedule = '{' WHERE code = 'CA'",
    )

    def use(hall):
        kiosk, officer = hall.client(hall.kiosk, timeout=30), hall.client(hall.officer, timeout=30)
        wish = {"services": ["A-01"], "priority": None, "language": "id"}
        assert kiosk.post("/api/v1/tickets", wish, "one").status == 201
        counters = kiosk.get("/api/v1/catalogue").body["counters"]
        mine = next(each["id"] for each in counters if each["agency"] == "A")
        assert officer.get(f"/api/v1/counters/{mine}").status == 200
        assert hall.client(hall.display, timeout=30).get("/api/v1/zones/merah/board").status == 200

    hall.running(use)

    said = (hall.room / "serve-1.log").read_text()
    assert "Instansi B dilewati" in said
    assert "Antrean CA" in said


def test_damage_that_is_met_at_work_is_no_bug_and_makes_the_server_unready(hall):
    db = _open(hall, hall.database)
    for page in range(2, hall.database.stat().st_size // PAGE):
        _spoil(hall.database, page)

    with pytest.raises(DatabaseBroken), db.reading() as session:
        session.execute(text("SELECT count(*) FROM event")).all()
    with pytest.raises(DatabaseBroken):
        db.try_writing()


def test_files_are_born_closed_to_others(hall, tmp_path, monkeypatch):
    room = tmp_path / "new"
    hall.env |= {"MPP_DATA_DIR": str(room), "MPP_DATABASE_URL": ""}
    before = os.umask(0o022)
    try:
        hall.furnish()
        hall.running(lambda hall: None)
    finally:
        os.umask(before)

    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (room, *room.rglob("*"))}
    assert "mpp.sqlite3" in modes
    assert [name for name, mode in modes.items() if mode & 0o077] == []
