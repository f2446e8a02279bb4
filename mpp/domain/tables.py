"""All tables, gathered for the migrations."""

from mpp.domain import counter, log, mall, people, ticket, turn
from mpp.domain.base import Base

METADATA = Base.metadata
MODULES = (counter, log, mall, people, ticket, turn)
