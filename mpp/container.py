"""What one server process is built of: settings, database, authenticator, limits; and who asks it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from flask import Request

from mpp import csrf
from mpp.actions.nights import Nights
from mpp.auth import ANYONE, BEARER, Authenticator
from mpp.db import Database
from mpp.domain.errors import CsrfFailed, NotAllowed, RuleBroken, SignInNeeded, UnknownKey
from mpp.domain.mall import Mall
from mpp.domain.principal import Principal
from mpp.jobs.scheduler import Scheduler
from mpp.limits import Limits
from mpp.queries.malls import recent_mall
from mpp.queries.tickets import Paper
from mpp.settings import Settings


@dataclass(slots=True)
class Container:
    settings: Settings
    db: Database
    authenticator: Authenticator
    limits: Limits
    paper: Paper
    nights: Nights
    scheduler: Scheduler

    @classmethod
    def build(cls, settings: Settings) -> "Container":
        db = Database(settings)
        return cls(
            settings=settings,
            db=db,
            authenticator=Authenticator(db),
            limits=Limits(settings),
            paper=_paper(settings),
            nights=Nights(db),
            scheduler=Scheduler(db),
        )

    def mall(self, mall_id: int) -> Mall:
        """The structure of a mall for answering questions: at most a second old."""
        return recent_mall(self.db, mall_id)

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

    def enter(self, request: Request, allowed: tuple[str, ...], opened: bool = False) -> Principal | None:
        """Who asks, if they are allowed to; nobody in particular where anyone may.

        A browser may hold a person's cookie and a display's: whichever is allowed here counts. A deed, or a
        page that somebody `opened`, is a touch of the session; what a page asks by itself is none.
        Raises `SignInNeeded`, `UnknownKey`, `Locked`, `NotAllowed` and `CsrfFailed`.
        """
        if allowed in (ANYONE, BEARER):
            return None
        found, deed = self._through(request, allowed), request.method not in ("GET", "HEAD")
        if found.by_session and deed and not csrf.holds(request, found.csrf):
            raise CsrfFailed
        if found.by_session and not found.locked and (deed or opened):
            self.authenticator.touch(request.cookies[self.session_cookie])
        return found

    def _through(self, request: Request, allowed: tuple[str, ...]) -> Principal:
        refused: RuleBroken | None = None
        for known, key in self._keys(request, "locked" in allowed):
            try:
                found = known(key)
            except UnknownKey as error:
                refused = refused or error
                continue
            if found.passes(allowed):
                return found
            refused = refused or NotAllowed()
        raise refused or SignInNeeded

    def _keys(self, request: Request, locked_too: bool) -> Iterator[tuple[Callable[[str], Principal], str]]:
        """The keys that a request brings, the weightiest first; a bearer key stands alone."""
        scheme, _, key = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer" and key:
            yield self.authenticator.by_key, key.strip()
            return
        if cookie := request.cookies.get(self.session_cookie):
            yield partial(self.authenticator.by_session, locked_too=locked_too), cookie
        if cookie := request.cookies.get(self.display_cookie):
            yield self.authenticator.by_key, cookie


def _paper(settings: Settings) -> Paper:
    """A slip carries a QR only when somebody set an address that phones can reach."""
    return Paper(settings.key_for("ticket token"), settings.base_url, with_qr=bool(settings.public_url))
