"""let the past cost nothing: an index for each question that looked through all of a mall's history."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    _create_partial("ix_event_counter", "event", ["counter_id", "day", "seq"], "counter_id IS NOT NULL")
    _create_partial("ix_appointment_booked", "appointment", ["mall_id", "slot_at"], "state = 'booked'")
    _create_partial("ix_note_kept", "note", ["mall_id", "made_at"], "erased_at IS NULL")
    _create_partial("ix_intent_forgotten", "intent", ["at"], "kept IS 0", "kept IS false")
    _create_partial(
        "ix_slip_asked",
        "slip",
        ["device_id", "ticket_id"],
        "asked = 1 AND state = 'wanted'",
        "asked AND state = 'wanted'",
    )
    op.create_index("ix_appointment_code", "appointment", ["code"], unique=False)
    op.drop_index("ix_note_mall_id", table_name="note")


def _create_partial(name: str, table: str, columns: list[str], where: str, on_postgres: str = "") -> None:
    op.create_index(
        name,
        table,
        columns,
        unique=False,
        sqlite_where=sa.text(where),
        postgresql_where=sa.text(on_postgres or where),
    )
