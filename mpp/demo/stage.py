"""What the demo needs before it opens: a mall, people, devices, and all their keys in one 0600 file."""

import json
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from mpp import schema
from mpp.actions import devices, malls, people
from mpp.actions.people import NewPerson
from mpp.actions.transaction import Command
from mpp.db import Database
from mpp.domain.mall import Mall
from mpp.domain.people import Role
from mpp.domain.principal import Principal
from mpp.mallfile import read
from mpp.queries.malls import mall as mall_of
from mpp.queries.malls import mall_codes
from mpp.settings import Settings

KEYS = "demo-keys.json"
ACTOR = "console"
SAMPLE = Path("malls") / "sagara.json"


@dataclass(slots=True)
class Stage:
    """Sign-ins (name → password), keys, tokens of simulated officers; `fresh` when made just now."""

    sign_ins: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    kiosk: str = ""
    displays: dict[str, str] = field(default_factory=dict)
    fresh: bool = False


def prepare(settings: Settings) -> Stage:
    """Set the stage at the first run; at a later one, go on with what is there."""
    path = settings.data_dir / KEYS
    if path.exists():
        schema.migrate(Database(settings))
        return Stage(**json.loads(path.read_text()))
    for left in settings.data_dir.glob("mpp.sqlite3*"):
        left.unlink()  # a first run that was cut off before its keys were kept
    db = Database(settings)
    stage = _fill(db, _mall(db))
    _keep(path, stage)
    stage.fresh = True
    return stage


def _mall(db: Database) -> Mall:
    schema.migrate(db)
    with db.reading() as session:
        found = mall_codes(session)
    mall_id = found[0][0] if found else malls.found(db, read(sample()), ACTOR, always=True)
    with db.reading() as session:
        return mall_of(session, mall_id)


def sample() -> Path:
    """The sample mall: beside the code in a checkout, inside the package when installed."""
    beside = Path(__file__).parents[2] / "config" / SAMPLE
    return beside if beside.exists() else Path(str(files("mpp") / "config" / SAMPLE))


def _fill(db: Database, mall: Mall) -> Stage:
    stage, console = Stage(), Command(db, Principal.console(mall.mall_id))
    for name, role, agency in _people(mall):
        stage.sign_ins[name] = _password()
        people.add(console, NewPerson(name, role, agency, stage.sign_ins[name]))
    for code in mall.agencies:
        name = f"tiruan-{code.lower()}"
        people.add(console, NewPerson(name, Role.OFFICER, code, _password()))
        stage.tokens[code] = people.make_token(console, name)
    stage.kiosk = devices.add(console, "kiosk", "anjungan-demo", ())
    for code in mall.zones:
        stage.displays[code] = devices.add(console, "display", f"layar-{code}", (code,))
    return stage


def _people(mall: Mall) -> Iterator[tuple[str, Role, str | None]]:
    yield "admin", Role.ADMIN, None
    yield "supervisor", Role.SUPERVISOR, None
    yield "pemandu", Role.GREETER, None
    for code in mall.agencies:
        yield f"petugas-{code.lower()}", Role.OFFICER, code


def _password() -> str:
    """Sixteen characters that a person can type: four groups of four, 80 bits."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))


def _keep(path: Path, stage: Stage) -> None:
    kept: dict[str, Any] = {
        "sign_ins": stage.sign_ins,
        "tokens": stage.tokens,
        "kiosk": stage.kiosk,
        "displays": stage.displays,
    }
    half = path.with_suffix(".new")
    with open(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump(kept, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    half.rename(path)
