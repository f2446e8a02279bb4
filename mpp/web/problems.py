"""Problems as a page or a notice."""

from flask import Response

from mpp.domain.errors import RuleBroken


def page(error: RuleBroken) -> Response:
    """The page that explains a problem."""
    return Response(error.detail, error.status, mimetype="text/plain")
