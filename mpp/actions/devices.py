"""Devices: kiosks and displays, their keys, and their removal."""

import secrets

from sqlalchemy import select
from sqlalchemy.orm import Session

from mpp.actions.work import writing
from mpp.db import Database
from mpp.domain.errors import AlreadyThere, NotFound
from mpp.domain.people import Device, key_hash
from mpp.domain.plan import Plan

KINDS = ("kiosk", "display")


def add(db: Database, plan: Plan, actor: str, kind: str, name: str, zones: tuple[str, ...]) -> str:
    """Add a device and return its key, once. Raises `AlreadyThere` and `UnknownZone`."""
    for zone in zones:
        plan.zone(zone)
    key = secrets.token_urlsafe(32)
    with writing(db, plan.mall_id, actor) as work:
        if work.session.scalar(select(Device.id).where(Device.mall_id == plan.mall_id, Device.name == name)):
            raise AlreadyThere(f"Nama perangkat {name} sudah ada.")
        device = Device(
            mall_id=plan.mall_id,
            kind=kind,
            name=name,
            zones=list(zones),
            key_hash=key_hash(key),
            active=True,
            added_at=work.now,
        )
        work.session.add(device)
        work.session.flush()
        work.log.record("device_added", after=kind, device=device.id)
    return key


def remove(db: Database, plan: Plan, actor: str, name: str) -> None:
    """Close the door for a device; its key opens nothing from now on."""
    with writing(db, plan.mall_id, actor) as work:
        device = _device(work.session, plan, name)
        device.active = False
        device.name = f"{device.name[:40]} (dicabut {device.id})"
        work.log.record("device_removed", device=device.id)


def rotate(db: Database, plan: Plan, actor: str, name: str) -> str:
    """Give a device another key; the old one opens nothing from now on."""
    key = secrets.token_urlsafe(32)
    with writing(db, plan.mall_id, actor) as work:
        device = _device(work.session, plan, name)
        device.key_hash = key_hash(key)
        work.log.record("device_rotated", device=device.id)
    return key


def _device(session: Session, plan: Plan, name: str) -> Device:
    found = select(Device).where(Device.mall_id == plan.mall_id, Device.name == name, Device.active)
    device = session.scalar(found)
    if device is None:
        raise NotFound(f"Tidak ada perangkat bernama {name}.")
    return device
