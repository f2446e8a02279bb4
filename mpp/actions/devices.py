"""Devices: kiosks and displays, their keys, and their removal."""

import secrets

from sqlalchemy import Select, select

from mpp.actions.change import writing
from mpp.actions.transaction import Command, Transaction
from mpp.domain.errors import AlreadyThere, Invalid, NotFound
from mpp.domain.event import About
from mpp.domain.events import DeviceAdded, DeviceRemoved, DeviceRotated
from mpp.domain.people import Device, key_hash

KINDS = ("kiosk", "display")
LONGEST_NAME = 60


def add(command: Command, kind: str, name: str, zones: tuple[str, ...]) -> str:
    """Add a device and return its key, once. Raises `AlreadyThere`, `Invalid` and `UnknownZone`."""
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable() or name != name.strip():
        raise Invalid(f"Nama perangkat harus 1 sampai {LONGEST_NAME} karakter yang tampak.", reason="name")
    key = secrets.token_urlsafe(32)
    with writing(command) as tx:
        for zone in zones:
            tx.mall.zone(zone)
        if tx.session.scalar(_named(tx, name).with_only_columns(Device.id)):
            raise AlreadyThere(f"Nama perangkat {name} sudah ada.")
        device = Device(
            mall_id=tx.mall.mall_id,
            kind=kind,
            name=name,
            zones=list(zones),
            key_hash=key_hash(key),
            active=True,
            added_at=tx.now,
        )
        tx.session.add(device)
        tx.session.flush()
        tx.log.record(DeviceAdded(device=device.id), About(after=kind))
    return key


def remove(command: Command, name: str) -> None:
    """Remove a device; its key opens nothing from now on."""
    with writing(command) as tx:
        device = _device(tx, name)
        device.active = False
        device.name = f"{device.name[:40]} (dicabut {device.id})"
        tx.log.record(DeviceRemoved(device=device.id))


def rotate(command: Command, name: str) -> str:
    """Give a device another key; the old one opens nothing from now on."""
    key = secrets.token_urlsafe(32)
    with writing(command) as tx:
        device = _device(tx, name)
        device.key_hash = key_hash(key)
        tx.log.record(DeviceRotated(device=device.id))
    return key


def _device(tx: Transaction, name: str) -> Device:
    if (device := tx.session.scalar(_named(tx, name).where(Device.active))) is None:
        raise NotFound(f"Tidak ada perangkat bernama {name}.")
    return device


def _named(tx: Transaction, name: str) -> Select[Device]:
    return select(Device).where(Device.mall_id == tx.mall.mall_id, Device.name == name)
