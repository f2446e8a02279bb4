"""Whether a change comes from a page of ours: it carries the page's token, and no foreign origin."""

from hmac import compare_digest
from urllib.parse import urlsplit

from flask import Request


def holds(request: Request, kept: str | None) -> bool:
    """Compare the token that was sent with the one that was kept for the session or the form."""
    sent = request.headers.get("X-CSRF-Token") or request.form.get("csrf", "")
    origin = request.headers.get("Origin")
    same_host = origin is None or urlsplit(origin).netloc == request.host
    return same_host and bool(kept) and compare_digest(sent.encode(), (kept or "").encode())
