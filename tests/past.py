"""Days that are over, written straight into the tables: much history in little time, without a valid log.

Good for plans and for timing only: no entry is sealed, and `mpp check` refuses such a database.
"""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Connection, text

from mpp.db import Database

SEALED = json.dumps({"facts": {}, "zones": {}, "as long as a real one": "x" * 360}).encode()
REMEMBERED = 8  # days after which what people asked for is forgotten, and the one that is due
ENTRIES = 6  # of each turn; the first two know no counter
NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :many) "
OF_EACH_DAY = {
    "ticket": (
        "INSERT INTO ticket (id, mall_id, queue_id, day, series, number, label, language, channel, issued_by,"
        " issued_at, token_hash, head, needs) "
        f"{NUMBERS} SELECT :ticket + i, :mall, :queue + i % :queues, :day, '', 1 + i / :queues,"
        " 'AA-' || (1 + i / :queues), 'id', 'kiosk', 'device:1', :at, {secret}, 'abcdef', '[]' FROM n"
    ),
    "turn": (
        "INSERT INTO turn (id, mall_id, ticket_id, position, queue_id, service_id, day, label, priority,"
        " state, state_since, arrived_at, joined_at, place, head_start, order_key, joined_seq, outs,"
        " counter_id, calls, nth, call_seq, spoken_seq, first_called_at, called_at, started_at, ended_at,"
        " wait_us, walk_us, service_us, away_us, between_us) "
        f"{NUMBERS} SELECT :turn + i, :mall, :ticket + i, 1, :queue + i % :queues, :service, :day,"
        " 'AA-' || (1 + i / :queues), {false}, CASE WHEN i % 10 = 9 THEN 'expired' ELSE 'done' END, :at, :at,"
        " :at, 'arrival', 0, :seq + i, :seq + i, 0, :counter + i % :counters, 1, 1, :seq + i, :seq + i, :at,"
        " :at, :at, :at, 60000000, 60000000, 60000000, 0, 0 FROM n"
    ),
    "slip": (
        "INSERT INTO slip (id, ticket_id, device_id, state, asked, copy, changed_at) "
        f"{NUMBERS} SELECT :slip + i, :ticket + i, 1, 'printed', {{false}}, {{false}}, :at FROM n"
    ),
    "event": (
        "INSERT INTO event (mall_id, seq, at, day, event, actor, agency, ticket_id, turn_id, label, queue,"
        " counter_id, from_state, to_state, sealed, hash) "
        f"{NUMBERS}, k(j) AS (SELECT 0 UNION ALL SELECT j + 1 FROM k WHERE j + 1 < {ENTRIES}) "
        f"SELECT :mall, :seq + i * {ENTRIES} + j, :at, :day, CASE j WHEN 5 THEN 'turn_finished'"
        " WHEN 1 THEN 'turn_joined' ELSE 'turn_called' END, 'person:1', 'A', :ticket + i, :turn + i, 'AA-1',"
        " 'AA', CASE WHEN j > 1 THEN :counter + i % :counters END, 'called', 'serving', :sealed, {secret}"
        " FROM n CROSS JOIN k"
    ),
    "intent": (
        "INSERT INTO intent (principal, key, fingerprint, answer, at, kept) "
        f"{NUMBERS} SELECT 'device:1', :day || '-' || i, :sealed, '{{{{}}}}', :at, {{true}} FROM n"
    ),
    "deed": (
        "INSERT INTO intent (principal, key, fingerprint, answer, at, kept) "
        f"{NUMBERS} SELECT 'person:' || i % 40, :day || '-' || i, :sealed, '{{{{}}}}', :at, {{false}} FROM n"
    ),
    "queue_day": (
        "INSERT INTO queue_day (queue_id, day, series, last_number, quota_used) "
        f"{NUMBERS} SELECT :queue + i, :day, '', :many, :many FROM n WHERE i < :queues"
    ),
    "note": (
        "INSERT INTO note (id, mall_id, ticket_id, agency_id, made_at, made_by, erased_at) "
        f"{NUMBERS} SELECT :note + i, :mall, :ticket + i, :agency, :at, 'person:1', :at FROM n"
        " WHERE i % 20 = 0"
    ),
    "appointment": (
        "INSERT INTO appointment (id, mall_id, queue_id, service_id, day, slot_at, state, state_since, code,"
        " token_hash, booked_by) "
        f"{NUMBERS} SELECT :appointment + i, :mall, :queue + i % :queues, :service, :day, :at, 'missed', :at,"
        " 'P' || (:ticket + i), {secret}, 'person:1' FROM n WHERE i % 20 = 0"
    ),
}
DIALECTS = {
    "sqlite": {"secret": "randomblob(32)", "true": "1", "false": "0"},
    "postgresql": {
        "secret": "decode(md5(random()::text) || md5(random()::text), 'hex')",
        "true": "true",
        "false": "false",
    },
}
COUNTED = ("ticket", "turn", "slip", "note", "appointment")


@dataclass(frozen=True, slots=True)
class Past:
    """How much is over: the days before `today`, and the visitors of each."""

    days: int
    visitors: int
    today: date

    def write(self, db: Database, mall_id: int) -> None:
        """Fill it in before what the log holds already, and let the log count on from there."""
        with db.writer.begin() as connection:
            _hurry(connection)
            place = _place(connection, mall_id)
            for nth in range(self.days):
                day = self.today - timedelta(days=self.days - nth)
                _write_day(connection, day, place, self.visitors, self.days - nth <= REMEMBERED)
                for noun in COUNTED:
                    place[noun] += self.visitors
                place["seq"] += self.visitors * ENTRIES
            _move_log(connection, mall_id, place)


def _hurry(connection: Connection) -> None:
    """What is written here needs no check of what it refers to."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")


def _place(connection: Connection, mall_id: int) -> dict:
    """Where the next rows go, and between which queues and counters they are spread."""
    head = connection.execute(text("SELECT seq, ids FROM mall_log WHERE mall_id = :m"), {"m": mall_id}).one()
    ids = json.loads(head.ids)
    place = {"mall": mall_id, "seq": head.seq + 1, **{noun: ids.get(noun, 0) + 1 for noun in COUNTED}}
    for noun in ("queue", "counter", "service", "agency"):
        wanted = text(f"SELECT min(id) AS first, count(*) AS many FROM {noun} WHERE mall_id = :m")
        found = connection.execute(wanted, {"m": mall_id}).one()
        place |= {noun: found.first, f"{noun}s": found.many}
    return place


def _write_day(connection: Connection, day: date, place: dict, visitors: int, remembered: bool) -> None:
    at = datetime.combine(day, time(5), UTC)
    if connection.dialect.name == "sqlite":
        when = {"day": day.isoformat(), "at": f"{at:%Y-%m-%d %H:%M:%S.%f}"}
    else:
        when = {"day": day, "at": at}
    words = DIALECTS[connection.dialect.name]
    values = {**place, **when, "sealed": SEALED, "many": visitors}
    for noun, statement in OF_EACH_DAY.items():
        if noun != "deed" or remembered:
            connection.execute(text(statement.format(**words)), values)


def _move_log(connection: Connection, mall_id: int, place: dict) -> None:
    ids = json.dumps({noun: place[noun] - 1 for noun in COUNTED})
    moved = text("UPDATE mall_log SET seq = :seq, ids = :ids WHERE mall_id = :mall")
    connection.execute(moved, {"seq": place["seq"] - 1, "ids": ids, "mall": mall_id})
