"""How often somebody may knock: counted in memory, or in Redis when several processes share the work."""

import time

from limits import RateLimitItem, RateLimitItemPerMinute, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from mpp.domain.errors import TooMany
from mpp.settings import Settings

NUMBERS = RateLimitItemPerMinute(60)
NUMBER_BURST = parse("20 per 5 second")
TOKEN_VIEWS = RateLimitItemPerMinute(60)
STRANGE_TOKENS = RateLimitItemPerMinute(30)
# A Redis that did not answer is left alone so long: one request waits for it, not every one.
REST_S = 5.0
FAILED_SIGN_INS = parse("5 per 15 minute")
FAILED_FROM_ADDRESS = parse("30 per 15 minute")


class Limits:
    """The counters of one process, or of all through Redis; when Redis is away, this process counts alone."""

    def __init__(self, settings: Settings) -> None:
        self.on = settings.rate_limits == "on"
        alone = MovingWindowRateLimiter(MemoryStorage())
        self._alone = alone
        self._shared = alone
        self._shared_from = 0.0
        self._away: tuple[type[Exception], ...] = ()
        if settings.redis_url and settings.workers > 1:
            self._share(settings.redis_url)

    def count(self, limit: RateLimitItem, *who: str) -> None:
        """One more knock. Raises `TooMany` with the seconds to wait."""
        if self.on and not self._try("hit", limit, *who):
            self._refuse(limit, *who)

    def check(self, limit: RateLimitItem, *who: str) -> None:
        """Refuse whoever is over the limit already, without counting this knock."""
        if self.on and not self._try("test", limit, *who):
            self._refuse(limit, *who)

    def _try(self, how: str, limit: RateLimitItem, *who: str) -> bool:
        if time.monotonic() >= self._shared_from:
            try:
                return bool(getattr(self._shared, how)(limit, *who))
            except self._away:
                self._shared_from = time.monotonic() + REST_S
        return bool(getattr(self._alone, how)(limit, *who))

    def _share(self, url: str) -> None:
        """Count together through Redis, and never be held up by it for long."""
        from limits.storage import RedisStorage  # 20 MB that a server alone does without
        from redis.backoff import NoBackoff
        from redis.exceptions import RedisError
        from redis.retry import Retry

        once = Retry(NoBackoff(), 0)
        storage = RedisStorage(url, socket_timeout=0.25, socket_connect_timeout=0.25, retry=once)  # type: ignore[arg-type]
        self._shared, self._away = MovingWindowRateLimiter(storage), (RedisError,)

    def _refuse(self, limit: RateLimitItem, *who: str) -> None:
        raise TooMany(retry_after=limit.get_expiry() / max(1, limit.amount))
