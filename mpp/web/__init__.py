"""The pages, a folder for each face: sign-in, desk, greeter, supervisor, admin, phone and lobby."""

from flask import Flask

from mpp.web import admin, desk, files, greeter, i18n, phone, signin, supervisor


def install(app: Flask) -> None:
    """Open the pages."""
    i18n.install(app)
    files.install(app)
    app.register_blueprint(files.bp)
    for face in (signin, greeter, desk, supervisor, admin, phone):
        for blueprint in face.blueprints:
            app.register_blueprint(blueprint)
