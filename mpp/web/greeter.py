"""Where a greeter arrives: the page for taking numbers comes later, and this one says so."""

from flask import Blueprint, render_template

from mpp.access import STAFF
from mpp.web.page import names_itself, page, plan, principal

bp = Blueprint("greeter", __name__, template_folder="templates")
names_itself(bp)


@page(bp, "GET", "/greeter", STAFF)
def show() -> str:
    """What a greeter can do today."""
    return render_template("greeter.html", mall=plan().name, who=principal())
