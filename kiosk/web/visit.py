"""The visit: what a visitor has chosen so far, kept in the session cookie until they leave."""

import secrets

from flask import session

from kiosk import i18n

# A visitor sees the numbers of this visit only; more than these are not taken in one.
MOST_TICKETS = 8


def begin() -> str:
    """The id of this visit, made when there is none yet."""
    found: str = session.setdefault("visit", secrets.token_urlsafe(16))
    return found


def language() -> str:
    found: str = session.get("language", i18n.DEFAULT)
    return found


def choose_language(code: str | None) -> None:
    session["language"] = code if code in i18n.LANGUAGES else i18n.DEFAULT


def large_text() -> bool:
    return bool(session.get("large", False))


def toggle_large_text() -> None:
    session["large"] = not large_text()


def priority() -> str:
    """The code of the chosen priority group; empty when there is none."""
    found: str = session.get("priority", "")
    return found


def choose_priority(code: str) -> None:
    session["priority"] = code


def journey() -> list[str]:
    """The codes of the services chosen so far, in the order of the journey."""
    return list(session.get("journey", []))


def choose_journey(codes: list[str]) -> None:
    session["journey"] = codes


def keep_ticket(intent: str) -> None:
    """The number of this intent may be shown until the visit ends."""
    kept = [key for key in session.get("tickets", []) if key != intent]
    session["tickets"] = [*kept, intent][-MOST_TICKETS:]


def has_ticket(intent: str) -> bool:
    return intent in session.get("tickets", [])


def forget_choices() -> None:
    """What was chosen is a number now: whichever way its screen is left, the next visitor begins anew."""
    for name in ("journey", "priority"):
        session.pop(name, None)


def end() -> None:
    """The visitor leaves: nothing of the visit stays."""
    session.clear()


def is_changed() -> bool:
    """Whether the first screen is not as every visitor finds it."""
    return language() != i18n.DEFAULT or large_text() or bool(priority() or journey())
