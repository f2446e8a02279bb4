"""The pages, a folder for each face: sign-in, desk, greeter, supervisor, admin, phone and lobby."""

from flask import Flask

from mpp.domain.events import names
from mpp.web import admin, desk, files, frame, greeter, i18n, phone, signin, supervisor


def install(app: Flask) -> None:
    """Open the pages."""
    i18n.install(app)
    files.install(app)
    frame.install(app)
    app.add_template_global(_events, "events")
    app.register_blueprint(files.bp)
    for face in (signin, greeter, desk, supervisor, admin, phone):
        for blueprint in face.blueprints:
            app.register_blueprint(blueprint)


def _events(*asked: str) -> str:
    """What a part of a page listens to, as its attribute `on`: `events("turn", "slip_wanted")`."""
    return " ".join(names(*asked))
