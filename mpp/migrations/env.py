"""How Alembic meets our tables."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import Enum

from mpp.domain.base import Document, Moment, TimeZoneName
from mpp.domain.schedule_json import ScheduleText
from mpp.domain.tables import METADATA


def plain(kind: str, item: Any, _: Any) -> str | Literal[False]:
    """Migrations name database types, never classes that may change after they shipped."""
    if kind == "type" and isinstance(item, Moment):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Enum):
        return f"sa.String(length={item.length})"
    if kind == "type" and isinstance(item, TimeZoneName):
        return "sa.String(length=60)"
    return "sa.Text()" if kind == "type" and isinstance(item, Document | ScheduleText) else False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=METADATA,
    render_as_batch=connection.dialect.name == "sqlite",
    render_item=plain,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
