"""The kiosk as a device: its health, the shared look, and the slips of the virtual printer."""

from io import BytesIO

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    make_response,
    render_template,
    send_file,
    send_from_directory,
)

from kiosk.printing import slip_picture
from kiosk.web.context import kiosk

bp = Blueprint("device", __name__)
MOST_SLIPS = 6


@bp.get("/healthz")
def health() -> Response:
    """For a watchdog: this process answers."""
    return make_response({"status": "ok", "server": "away" if kiosk().catalogue.away else "ok"})


@bp.get("/look/<path:name>")
def look(name: str) -> Response:
    """The look that all faces share."""
    return send_from_directory(current_app.extensions["look"], name)


@bp.get("/struk")
def slips() -> str:
    """The last slips of the virtual printer."""
    printer = kiosk().virtual_printer or abort(404)
    return render_template("slips.html", slips=printer.slips()[:MOST_SLIPS])


@bp.get("/struk/<name>.png")
def slip_image(name: str) -> Response:
    """One of them as a picture."""
    printer = kiosk().virtual_printer or abort(404)
    try:
        data = printer.slip(name)
    except KeyError:
        abort(404)
    return send_file(BytesIO(slip_picture.picture(data, printer.columns)), mimetype="image/png")
