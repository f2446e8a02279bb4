"""Patience with those who guess passwords: by name, by address, and never many at once."""

from collections.abc import Callable
from hashlib import sha256
from threading import BoundedSemaphore
from typing import TypeVar

from flask import request

from mpp.domain.errors import Busy, RuleBroken, TooMany, WrongPassword
from mpp.limits import FAILED_FROM_ADDRESS, FAILED_SIGN_INS
from mpp.routes import container

# Each password costs 19 MB and a good part of a second of one core; a crowd that signs in waits its turn.
AT_ONCE = BoundedSemaphore(2)
PATIENCE_S = 5
LONGEST_PASSWORD = 256

Found = TypeVar("Found")


def attempt(name: str, look: Callable[[], Found]) -> Found:
    """Try a password. Only failures count, by the name and by the address: `TooMany` after some."""
    limits, whose, address = container().limits, pseudonym(name), request.remote_addr or "?"
    limits.check(FAILED_SIGN_INS, "sign-in", whose)
    limits.check(FAILED_FROM_ADDRESS, "sign-in", address)
    if not AT_ONCE.acquire(timeout=PATIENCE_S):
        raise Busy("Banyak yang sedang masuk. Coba lagi sebentar.", retry_after=PATIENCE_S)
    try:
        return look()
    except WrongPassword:
        limits.count(FAILED_SIGN_INS, "sign-in", whose)
        limits.count(FAILED_FROM_ADDRESS, "sign-in", address)
        raise
    finally:
        AT_ONCE.release()


def sentence(error: RuleBroken) -> str:
    """What to say to whoever was refused."""
    if isinstance(error, TooMany):
        return "Terlalu banyak percobaan. Tunggu 15 menit, atau minta pengelola mengganti kata sandi Anda."
    return error.detail


def pseudonym(name: str) -> str:
    """The same name gives the same word, and the word gives no name away."""
    return sha256(container().settings.key_for("names in logs") + name.lower().encode()).hexdigest()[:16]
