"""A form that somebody filled in: what they typed is kept, and what to mend stands beside its field."""

from collections.abc import Mapping

from mpp.domain.errors import RuleBroken

NO_NUMBER = -1


class Form:
    """What was typed, and a sentence for each field that must be mended."""

    def __init__(self, typed: Mapping[str, str]) -> None:
        self._typed = typed
        self.errors: dict[str, str] = {}

    def said(self, name: str) -> str:
        """What was typed into a field, without the blanks around it."""
        return self._typed.get(name, "").strip()

    def secret(self, name: str) -> str:
        """What was typed as a password: every character counts."""
        return self._typed.get(name, "")

    def number(self, name: str) -> int:
        """The whole number in a field; one that no rule takes where there is none."""
        text = self.said(name)
        return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else NO_NUMBER

    def refuse(self, name: str, sentence: str) -> None:
        """This field must be mended; the first reason counts."""
        self.errors.setdefault(name, sentence)

    def blame(self, error: RuleBroken, usual: str) -> None:
        """A rule was broken: its reason names the field, else it is the usual one."""
        self.refuse(error.reason or usual, error.detail)

    @property
    def status(self) -> int:
        """200 as long as nothing has to be mended."""
        return 422 if self.errors else 200
