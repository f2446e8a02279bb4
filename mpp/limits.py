"""How often somebody may knock: counted in memory, or in Redis when several processes share the work."""

from limits import RateLimitItem, RateLimitItemPerMinute, parse
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import MovingWindowRateLimiter
from redis.exceptions import RedisError

from mpp.domain.errors import TooMany
from mpp.settings import Settings

NUMBERS = RateLimitItemPerMinute(60)
NUMBER_BURST = parse("20 per 5 second")
TOKEN_VIEWS = RateLimitItemPerMinute(60)
STRANGE_TOKENS = RateLimitItemPerMinute(30)
FAILED_SIGN_INS = parse("5 per 15 minute")
FAILED_FROM_ADDRESS = parse("30 per 15 minute")


def _redis(url: str) -> RedisStorage:
    """Shared counters that never hold a request up for long."""
    return RedisStorage(url, socket_timeout=0.25, socket_connect_timeout=0.25)


class Limits:
    """The counters of one process, or of all through Redis; when Redis is away, this process counts alone."""

    def __init__(self, settings: Settings) -> None:
        self.on = settings.rate_limits == "on"
        alone = MovingWindowRateLimiter(MemoryStorage())
        self._alone = alone
        self._shared = alone
        if settings.redis_url and settings.workers > 1:
            self._shared = MovingWindowRateLimiter(_redis(settings.redis_url))

    def count(self, limit: RateLimitItem, *who: str) -> None:
        """One more knock. Raises `TooMany` with the seconds to wait."""
        if self.on and not self._try("hit", limit, *who):
            self._refuse(limit, *who)

    def check(self, limit: RateLimitItem, *who: str) -> None:
        """Refuse whoever is over the limit already, without counting this knock."""
        if self.on and not self._try("test", limit, *who):
            self._refuse(limit, *who)

    def _try(self, how: str, limit: RateLimitItem, *who: str) -> bool:
        try:
            return bool(getattr(self._shared, how)(limit, *who))
        except RedisError:
            return bool(getattr(self._alone, how)(limit, *who))

    def _refuse(self, limit: RateLimitItem, *who: str) -> None:
        raise TooMany(retry_after=limit.get_expiry() / max(1, limit.amount))
