"""What the tests of the sockets may ask for."""

from tests.api.fixtures import another, mall, model, postgres_model
from tests.world import founded_file, time, world

__all__ = ["another", "founded_file", "mall", "model", "postgres_model", "time", "world"]
