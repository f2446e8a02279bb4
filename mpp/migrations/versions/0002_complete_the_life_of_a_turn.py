"""complete the life of a turn: parked, transferred, returned, kept, undone; notes, notices, appointments."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "notice",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("mall_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("zone_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=60), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("raised_by", sa.String(length=40), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_notice_agency_id_agency")),
        sa.ForeignKeyConstraint(["mall_id"], ["mall.id"], name=op.f("fk_notice_mall_id_mall")),
        sa.ForeignKeyConstraint(["zone_id"], ["zone.id"], name=op.f("fk_notice_zone_id_zone")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    op.create_index("ix_notice_open", "notice", ["mall_id", "ended_at"], unique=False)

    op.create_table(
        "appointment",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("mall_id", sa.Integer(), nullable=False),
        sa.Column("queue_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("slot_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("booked_by", sa.String(length=40), nullable=False),
        sa.Column("ticket_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["mall_id"], ["mall.id"], name=op.f("fk_appointment_mall_id_mall")),
        sa.ForeignKeyConstraint(["queue_id"], ["queue.id"], name=op.f("fk_appointment_queue_id_queue")),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_appointment_service_id_service")
        ),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_appointment_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_appointment_token_hash")),
    )
    op.create_index("ix_appointment_day", "appointment", ["mall_id", "day", "state"], unique=False)

    op.create_table(
        "note",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("mall_id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=True),
        sa.Column("salt", sa.LargeBinary(length=16), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=40), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_note_agency_id_agency")),
        sa.ForeignKeyConstraint(["mall_id"], ["mall.id"], name=op.f("fk_note_mall_id_mall")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_note_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
    )
    op.create_index("ix_note_mall_id", "note", ["mall_id"], unique=False)
    op.create_index("ix_note_ticket_id", "note", ["ticket_id"], unique=False)

    op.add_column("counter", sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("counter", sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("counter", sa.Column("pause_reason", sa.String(length=60), nullable=True))
    op.add_column(
        "counter",
        sa.Column("undo_turn_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
    )
    op.add_column("person", sa.Column("rights", sa.Text(), nullable=False, server_default="[]"))
    op.add_column("sign_in", sa.Column("locked_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("slip", sa.Column("asked", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("slip", sa.Column("copy", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("ticket", sa.Column("needs", sa.Text(), nullable=False, server_default="[]"))
    op.add_column("turn", sa.Column("matters", sa.Text(), nullable=True))
    op.add_column("turn", sa.Column("joined_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("turn", sa.Column("place", sa.String(length=20), nullable=True))
    op.add_column("turn", sa.Column("head_start", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("turn", sa.Column("kept_counter_id", sa.Integer(), nullable=True))
    op.add_column("turn", sa.Column("kept_person_id", sa.Integer(), nullable=True))
    op.add_column("turn", sa.Column("out_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("turn", sa.Column("outs", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("turn", sa.Column("parked_by", sa.String(length=40), nullable=True))
    op.add_column("turn", sa.Column("parked_from", sa.String(length=20), nullable=True))
    op.add_column("turn", sa.Column("parked_reason", sa.String(length=60), nullable=True))
    op.add_column("turn", sa.Column("between_us", sa.BigInteger(), nullable=False, server_default="0"))
    op.execute("UPDATE turn SET joined_at = arrived_at, place = 'arrival'")
