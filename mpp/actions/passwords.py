"""Passwords: what is refused, what is kept of them, and new ones that can be read out."""

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from mpp.domain.errors import Invalid

HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
NOBODY = HASHER.hash(secrets.token_urlsafe(16))
SHORTEST = 12
WEAK = (
    "password",
    "katasandi",
    "kata sandi",
    "rahasia",
    "qwerty",
    "1234567",
    "abcdefg",
    "indonesia",
    "admin",
)
# Nothing that looks like something else when it is written by hand: no l, o, i, 0 or 1.
CLEAR = "abcdefghjkmnpqrstuvwxyz23456789"
BLOCKS, BLOCK = 4, 4


def check_password(name: str, password: str) -> None:
    """Refuse what is short, well known, or the name itself; no rules of composition (ASVS 5.0, 6.2)."""
    low = password.lower()
    if len(password) < SHORTEST:
        raise Invalid(f"Kata sandi paling sedikit {SHORTEST} karakter.", reason="password")
    if len(set(low)) < 6 or name.lower() in low or any(low.startswith(weak) for weak in WEAK):
        raise Invalid("Kata sandi ini terlalu mudah ditebak.", reason="password")


def verified(hashed: str, password: str) -> bool:
    """Whether this is the password; it takes a good part of a second and 19 MB."""
    try:
        return HASHER.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False


def generated() -> str:
    """A password of 79 bits that can be written on paper: k7mp-x3tq-9bwe-h4ny."""
    return "-".join("".join(secrets.choice(CLEAR) for _ in range(BLOCK)) for _ in range(BLOCKS))
