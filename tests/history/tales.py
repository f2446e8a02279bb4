"""False tales: each spoils a good history in one place, and names what the checker must say."""

from collections.abc import Callable


class Tales(dict):
    """By name: the code that must be found first, and the spoiler of the history."""

    def __call__(self, code: str) -> Callable:
        def keep(spoil: Callable) -> Callable:
            assert spoil.__name__ not in self, f"two tales are called {spoil.__name__}"
            self[spoil.__name__] = (code, spoil)
            return spoil

        return keep

    @property
    def codes(self) -> set[str]:
        return {code for code, _ in self.values()}
