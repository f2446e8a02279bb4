"""Examines an installation, from its settings to the hall, and says in plain words what it finds."""

from __future__ import annotations

from tomllib import TOMLDecodeError

from pydantic import ValidationError
from pydantic_settings import SettingsError
from sqlalchemy.exc import DBAPIError

from mpp.db import Database, UnsafeDatabase
from mpp.doctor import database, files, hall, jobs, surroundings
from mpp.doctor.finding import Findings, good, wrong
from mpp.settings import CONFIG_FILE, Settings


def examinations() -> Findings:
    """Everything that is examined, in the order in which it is worth mending; changes nothing."""
    try:
        settings = Settings.load()
    except ValidationError as error:
        for each in error.errors():
            yield wrong(f"Pengaturan {'.'.join(map(str, each['loc'])) or 'MPP_*'}: {each['msg']}.")
        return
    except (SettingsError, TOMLDecodeError, OSError) as error:
        yield wrong(f"Pengaturan tidak dapat dibaca ({CONFIG_FILE} atau MPP_*): {error}")
        return
    yield from files.examined(settings)
    yield from _behind_the_database(settings)
    yield from surroundings.examined(settings)


def _behind_the_database(settings: Settings) -> Findings:
    """What can only be seen once the database answers in this program's shape."""
    if missing := database.missing(settings):
        yield missing
        return
    try:
        db = Database(settings)
        yield from database.examined(db)
        if database.usable(db):
            yield from hall.examined(db)
            yield from jobs.examined(db)
        else:
            yield wrong("Isi basis data belum dapat diperiksa; perbaiki basis data dahulu.")
    except UnsafeDatabase as error:
        yield wrong(f"Basis data tidak aman dipakai: {error}.")
        return
    except DBAPIError as error:
        yield wrong(f"Basis data tidak dapat dibaca ({error.orig}); mungkin rusak. Kembalikan dari cadangan.")
        return
    yield good("Pemeriksaan basis data selesai tanpa mengubah apa pun.")
