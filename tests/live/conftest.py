"""What the tests of the sockets may ask for."""

from tests.api.fixtures import another, mall, model, postgres_model

__all__ = ["another", "mall", "model", "postgres_model"]
