"""The pages: sign-in and lock, desk, greeter, supervisor, admin, and the visitor's phone."""

from flask import Flask

from mpp.web import (
    admin,
    admin_queues,
    appointments,
    desk,
    files,
    greeter,
    greeter_paper,
    greeter_tickets,
    lock,
    phone,
    signin,
    supervisor,
    words,
)


def install(app: Flask) -> None:
    """Open the pages."""
    words.install(app)
    files.install(app)
    for blueprint in (
        files.bp,
        signin.bp,
        lock.bp,
        greeter.bp,
        greeter_tickets.bp,
        greeter_paper.bp,
        appointments.bp,
        desk.bp,
        supervisor.bp,
        admin.bp,
        admin_queues.bp,
        phone.bp,
    ):
        app.register_blueprint(blueprint)
