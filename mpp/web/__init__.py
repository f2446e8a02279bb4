"""The pages: sign-in, desk, supervisor, and the visitor's phone."""

from flask import Flask

from mpp.web import desk, files, greeter, phone, signin, supervisor, words


def install(app: Flask) -> None:
    """Open the pages."""
    words.install(app)
    files.install(app)
    for blueprint in (files.bp, signin.bp, greeter.bp, desk.bp, supervisor.bp, phone.bp):
        app.register_blueprint(blueprint)
