"""The pages: sign-in and lock, desk, supervisor, and the visitor's phone."""

from flask import Flask

from mpp.web import desk, files, greeter, lock, phone, signin, supervisor, words


def install(app: Flask) -> None:
    """Open the pages."""
    words.install(app)
    files.install(app)
    for blueprint in (files.bp, signin.bp, lock.bp, greeter.bp, desk.bp, supervisor.bp, phone.bp):
        app.register_blueprint(blueprint)
