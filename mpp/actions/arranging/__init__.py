"""Arranging the structure of a mall: adding, changing, retiring and restoring its nouns, each with its entry.

What is said of a noun bears the names of the mall's file. Whatever is unsafe now is refused with the way out.
"""

from mpp.actions.arranging.verbs import add, change, restore, retire

__all__ = ["add", "change", "restore", "retire"]
