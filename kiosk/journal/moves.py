"""The moves of intents and print jobs in the journal's tables, as far as the tables of states allow them."""

import json

from pysqlite3 import dbapi2 as sqlite

from kiosk.states import INTENT_MOVES, PRINT_MOVES, IntentState, PrintState


def move_intent(connection: sqlite.Connection, key: str, end: IntentState) -> bool:
    """Moves one intent; False when it is in no state from which that may happen."""
    starts = [state for state, ends in INTENT_MOVES.items() if end in ends]
    query = "UPDATE intents SET state = ? WHERE intent = ? AND state IN (SELECT value FROM json_each(?))"
    return bool(connection.execute(query, (end, key, json.dumps(starts))).rowcount)


def move_job(connection: sqlite.Connection, job: int, end: PrintState, reason: str = "") -> bool:
    """Moves one print job, with the reason why; False when it is in no state from which that may happen."""
    starts = [state for state, ends in PRINT_MOVES.items() if end in ends]
    query = "UPDATE jobs SET state = ?, reason = ? WHERE id = ? AND state IN (SELECT value FROM json_each(?))"
    return bool(connection.execute(query, (end, reason, job, json.dumps(starts))).rowcount)
