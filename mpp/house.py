"""What one server process is built of: settings, database, porter, limits; and how it knows who asks."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from hmac import compare_digest
from urllib.parse import urlsplit

from flask import Request

from mpp.access import ANYONE, BEARER, Porter, Principal
from mpp.db import Database
from mpp.domain.errors import CsrfFailed, NotAllowed, RuleBroken, SignInNeeded, UnknownKey
from mpp.limits import Limits
from mpp.queries.plans import Plans
from mpp.queries.tickets import Paper
from mpp.settings import Settings


@dataclass(slots=True)
class House:
    settings: Settings
    db: Database
    porter: Porter
    limits: Limits
    paper: Paper
    plans: Plans

    @classmethod
    def build(cls, settings: Settings) -> "House":
        db = Database(settings)
        return cls(settings, db, Porter(db), Limits(settings), _paper(settings), Plans(db))

    @property
    def secure(self) -> bool:
        """Whether people reach this server over TLS."""
        return self.settings.public_url.startswith("https://")

    @property
    def session_cookie(self) -> str:
        return "__Host-mpp-session" if self.secure else "mpp-session"

    @property
    def display_cookie(self) -> str:
        return "__Host-mpp-display" if self.secure else "mpp-display"

    def enter(self, request: Request, door: tuple[str, ...], opened: bool = False) -> Principal | None:
        """Who comes through a door; nobody in particular where anyone may.

        A browser may hold a person's cookie and a display's: whichever opens this door counts. A deed, or a
        page that somebody `opened`, is a touch of the session; what a page asks by itself is none.
        Raises `SignInNeeded`, `UnknownKey`, `Locked`, `NotAllowed` (another door) and `CsrfFailed`.
        """
        if door in (ANYONE, BEARER):
            return None
        found, deed = self._through(request, door), request.method not in ("GET", "HEAD")
        if found.by_session and deed and not self.csrf_holds(request, found):
            raise CsrfFailed
        if found.by_session and not found.locked and (deed or opened):
            self.porter.touch(request.cookies[self.session_cookie])
        return found

    def _through(self, request: Request, door: tuple[str, ...]) -> Principal:
        refused: RuleBroken | None = None
        for known, key in self._keys(request, "locked" in door):
            try:
                found = known(key)
            except UnknownKey as error:
                refused = refused or error
                continue
            if found.passes(door):
                return found
            refused = refused or NotAllowed()
        raise refused or SignInNeeded

    def _keys(self, request: Request, locked_too: bool) -> Iterator[tuple[Callable[[str], Principal], str]]:
        """The keys that a request brings, the weightiest first; a bearer key stands alone."""
        scheme, _, key = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer" and key:
            yield self.porter.by_key, key.strip()
            return
        if cookie := request.cookies.get(self.session_cookie):
            yield partial(self.porter.by_session, locked_too=locked_too), cookie
        if cookie := request.cookies.get(self.display_cookie):
            yield self.porter.by_key, cookie

    def csrf_holds(self, request: Request, principal: Principal) -> bool:
        """A change by a session carries its token, and comes from a page of this host."""
        sent = request.headers.get("X-CSRF-Token") or request.form.get("csrf", "")
        origin = request.headers.get("Origin")
        same_host = origin is None or urlsplit(origin).netloc == request.host
        return same_host and compare_digest(sent.encode(), (principal.csrf or "").encode())


def _paper(settings: Settings) -> Paper:
    """A slip carries a QR only when somebody set an address that phones can reach."""
    return Paper(settings.key_for("ticket token"), settings.base_url, with_qr=bool(settings.public_url))
