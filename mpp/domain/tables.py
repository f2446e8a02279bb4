"""All tables, gathered for the migrations."""

from mpp.domain import appointment, counter, job, log, mall, note, notice, people, ticket, turn
from mpp.domain.base import Base

METADATA = Base.metadata
MODULES = (appointment, counter, job, log, mall, note, notice, people, ticket, turn)
