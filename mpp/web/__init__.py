"""The pages: sign-in, desk, supervisor, and the visitor's phone."""

from flask import Flask


def install(app: Flask) -> None:
    """Open the pages."""
