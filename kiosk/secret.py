"""The kiosk's own secret, which signs its session cookie and the tokens of its forms."""

import secrets
from pathlib import Path


def secret_in(folder: Path) -> bytes:
    """The 32 bytes in this folder, made at the first start and readable by nobody else."""
    path = folder / "secret"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_bytes(secrets.token_bytes(32))
    return path.read_bytes()
