"""Devices: kiosks and displays, their keys, and their removal."""

import secrets

from sqlalchemy import select
from sqlalchemy.orm import Session

from mpp.actions.transaction import writing
from mpp.db import Database
from mpp.domain.errors import AlreadyThere, Invalid, NotFound
from mpp.domain.mall import Mall
from mpp.domain.people import Device, key_hash

KINDS = ("kiosk", "display")
LONGEST_NAME = 60


def add(db: Database, mall: Mall, actor: str, kind: str, name: str, zones: tuple[str, ...]) -> str:
    """Add a device and return its key, once. Raises `AlreadyThere`, `Invalid` and `UnknownZone`."""
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable() or name != name.strip():
        raise Invalid(f"Nama perangkat harus 1 sampai {LONGEST_NAME} karakter yang tampak.", reason="name")
    for zone in zones:
        mall.zone(zone)
    key = secrets.token_urlsafe(32)
    with writing(db, mall.mall_id, actor) as tx:
        if tx.session.scalar(select(Device.id).where(Device.mall_id == mall.mall_id, Device.name == name)):
            raise AlreadyThere(f"Nama perangkat {name} sudah ada.")
        device = Device(
            mall_id=mall.mall_id,
            kind=kind,
            name=name,
            zones=list(zones),
            key_hash=key_hash(key),
            active=True,
            added_at=tx.now,
        )
        tx.session.add(device)
        tx.session.flush()
        tx.log.record("device_added", after=kind, device=device.id)
    return key


def remove(db: Database, mall: Mall, actor: str, name: str) -> None:
    """Remove a device; its key opens nothing from now on."""
    with writing(db, mall.mall_id, actor) as tx:
        device = _device(tx.session, mall, name)
        device.active = False
        device.name = f"{device.name[:40]} (dicabut {device.id})"
        tx.log.record("device_removed", device=device.id)


def rotate(db: Database, mall: Mall, actor: str, name: str) -> str:
    """Give a device another key; the old one opens nothing from now on."""
    key = secrets.token_urlsafe(32)
    with writing(db, mall.mall_id, actor) as tx:
        device = _device(tx.session, mall, name)
        device.key_hash = key_hash(key)
        tx.log.record("device_rotated", device=device.id)
    return key


def _device(session: Session, mall: Mall, name: str) -> Device:
    found = select(Device).where(Device.mall_id == mall.mall_id, Device.name == name, Device.active)
    device = session.scalar(found)
    if device is None:
        raise NotFound(f"Tidak ada perangkat bernama {name}.")
    return device
