"""give each queue its target: within how many minutes somebody should be called"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("queue", sa.Column("target_min", sa.Integer(), nullable=True))
