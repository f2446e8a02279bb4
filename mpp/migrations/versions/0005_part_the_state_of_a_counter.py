"""part the state of a counter from its structure; let nouns be retired, and keep the file's remarks."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

LIVE = "open, opened_at, holder_id, paused_at, paused_until, pause_reason, undo_turn_id"
PARTS = ("zone", "agency", "queue", "service", "priority_class")


def upgrade() -> None:
    _create_state()
    op.execute(f"INSERT INTO counter_state (id, mall_id, {LIVE}) SELECT id, mall_id, {LIVE} FROM counter")  # noqa: S608
    op.create_index("ix_counter_state_holder_id", "counter_state", ["holder_id"], unique=False)
    op.drop_index("ix_counter_holder_id", table_name="counter")
    with op.batch_alter_table("counter") as counter:
        counter.drop_constraint("fk_counter_holder_id_person", type_="foreignkey")
        for column in LIVE.split(", "):
            counter.drop_column(column)
        counter.add_column(_remarks())
        counter.add_column(_retired_at())
    op.add_column("mall", _remarks())
    op.add_column("zone", sa.Column("position", sa.Integer(), nullable=False, server_default="0"))
    for noun in PARTS:
        op.add_column(noun, _remarks())
        op.add_column(noun, _retired_at())


def _create_state() -> None:
    op.create_table(
        "counter_state",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("mall_id", sa.Integer(), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("holder_id", sa.Integer(), nullable=True),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pause_reason", sa.String(length=60), nullable=True),
        sa.Column("undo_turn_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["holder_id"], ["person.id"], name=op.f("fk_counter_state_holder_id_person")),
        sa.ForeignKeyConstraint(["id"], ["counter.id"], name=op.f("fk_counter_state_id_counter")),
        sa.ForeignKeyConstraint(["mall_id"], ["mall.id"], name=op.f("fk_counter_state_mall_id_mall")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counter_state")),
    )


def _remarks() -> sa.Column[str]:
    return sa.Column("remarks", sa.Text(), nullable=False, server_default="{}")


def _retired_at() -> sa.Column[str]:
    return sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True)
