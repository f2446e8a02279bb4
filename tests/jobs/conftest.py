"""The small mall and its clock, for the tests beside this file."""

from tests.world import any_world, founded_database, founded_file, time, world

__all__ = ["any_world", "founded_database", "founded_file", "time", "world"]
