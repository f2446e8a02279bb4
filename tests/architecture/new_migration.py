"""Write the next numbered migration from the models: python -m tests.architecture.new_migration add_quota"""

import re
import sys
import tempfile
from pathlib import Path

from alembic import command

from mpp import schema
from mpp.db import Database
from mpp.settings import Settings


def write(name: str) -> Path:
    """A migration from the newest shape to what the models say now. Look at it before you commit it."""
    number = f"{int(schema.newest()) + 1:04}"
    with tempfile.TemporaryDirectory() as room:
        database = Database(Settings(database_url=f"sqlite:///{room}/empty.sqlite3", data_dir=Path(room)))
        schema.migrate(database)
        with database.writer.begin() as connection:
            settings = schema.config(connection)
            settings.set_main_option("file_template", f"{number}_{name}")
            made = command.revision(settings, name.replace("_", " "), autogenerate=True, rev_id=number)
        database.writer.dispose()
        database.reader.dispose()
    return Path(made.path)


if __name__ == "__main__":
    (wanted,) = sys.argv[1:]
    if not re.fullmatch(r"[a-z][a-z0-9_]{2,40}", wanted):
        sys.exit("NAME must be lower case words joined by _, like add_quota")
    print(write(wanted))
