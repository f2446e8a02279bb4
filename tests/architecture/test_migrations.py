"""Migrations have one head, are numbered, and lead to exactly what the models say, on both databases."""

import re
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy.exc import IntegrityError

from mpp import schema
from mpp.db import Database
from mpp.domain.counter import CounterState
from mpp.queries.malls import mall
from mpp.settings import Settings


@pytest.fixture
def database(database_url, tmp_path):
    return Database(Settings(database_url=database_url, data_dir=tmp_path))


def test_there_is_one_head():
    assert len(_scripts().get_heads()) == 1


def test_they_are_numbered_without_a_gap():
    revisions = [script.revision for script in reversed(list(_scripts().walk_revisions()))]

    assert revisions == [f"{number:04}" for number in range(1, len(revisions) + 1)]


def test_each_file_carries_its_number_and_goes_forward_only():
    for script in _scripts().walk_revisions():
        words = Path(script.path).read_text()
        assert re.search(rf"/{script.revision}_[a-z0-9_]+\.py$", script.path)
        assert "def downgrade" not in words


def test_they_lead_to_what_the_models_say(database):
    schema.migrate(database)

    with database.writer.begin() as connection:
        command.check(schema.config(connection))


def test_a_second_migration_changes_nothing(database):
    first = schema.migrate(database)

    assert schema.migrate(database) == first == schema.newest()


def test_a_database_of_a_later_program_is_refused(database):
    schema.migrate(database)
    with database.writer.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(schema.SchemaWrong):
        schema.migrate(database)


def test_an_older_database_is_not_served(database):
    with pytest.raises(schema.SchemaWrong, match="mpp migrate"):
        schema.require_current(database)


BEFORE_STATES = """
INSERT INTO mall (id, code, name, city, timezone, schedule, rules)
    VALUES (1, 'MPP', 'Mal', 'Kota', 'Asia/Jakarta', '{}', '{}');
INSERT INTO zone (id, mall_id, code, name, floor) VALUES (1, 1, 'merah', 'Merah', 1);
INSERT INTO agency (id, mall_id, zone_id, code, name, short_name, kind, floor, icon, break_mode,
        schedule, position)
    VALUES (1, 1, 1, 'A', 'Dinas', 'Dinas', 'opd_daerah', 1, 'x', 'closed', '{}', 0);
INSERT INTO queue (id, mall_id, agency_id, code, name, lane, minutes, policy, schedule, position)
    VALUES (1, 1, 1, 'AA', 'KTP', 'regular', 10, '{"kind": "strict"}', '{}', 0);
INSERT INTO person (id, mall_id, name, role, password_hash, active, rights)
    VALUES (1, 1, 'budi', 'officer', '', TRUE, '[]');
INSERT INTO counter (id, mall_id, agency_id, zone_id, name, picks, prefers_priority, position, open,
        opened_at, holder_id, paused_at, pause_reason, undo_turn_id)
    VALUES (7, 1, 1, 1, 'Loket 7', 'preference', FALSE, 0, TRUE, '2026-11-27 01:00:00', 1,
        '2026-11-27 02:00:00', 'salat', 12);
INSERT INTO counter_queue (counter_id, queue_id, position) VALUES (7, 1, 0);
"""


def test_counters_of_the_version_before_stay_as_they_were(database):
    with database.writer.begin() as connection:
        command.upgrade(schema.config(connection), "0004")
        for statement in filter(str.strip, BEFORE_STATES.split(";")):
            connection.exec_driver_sql(statement)

    schema.migrate(database)

    with database.reading() as session:
        here, state = mall(session, 1, 1), session.get_one(CounterState, 7)
        assert (here.counters[7].name, here.counters[7].queues) == ("Loket 7", [here.queues["AA"]])
        assert (state.state, state.holder_id, state.pause_reason, state.undo_turn_id) == (
            "paused",
            1,
            "salat",
            12,
        )
    with database.writer.begin() as connection, pytest.raises(IntegrityError):
        connection.exec_driver_sql("UPDATE counter_queue SET counter_id = 8")


def _scripts():
    return ScriptDirectory(str(schema.HERE))
