"""Migrations have one head, are numbered, and lead to exactly what the models say, on both databases."""

import re
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory

from mpp import schema
from mpp.db import Database
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


def _scripts():
    return ScriptDirectory(str(schema.HERE))
