"""Whether the server lives, and whether it can work."""

import json
from dataclasses import dataclass
from functools import lru_cache

from flask import Blueprint, Response
from sqlalchemy import select

from mpp import OLDEST_CLIENT, VERSION
from mpp.api.openapi import description
from mpp.api.route import Answers, answered
from mpp.auth import ANYONE
from mpp.domain.errors import Busy
from mpp.domain.log import MallLog
from mpp.routes import container, route

bp = Blueprint("health", __name__)


@dataclass(frozen=True, slots=True)
class Health:
    """That the server lives, and of which version it is."""

    status: str = "ok"
    version: str = VERSION


@route(bp, "GET /healthz", ANYONE, Answers(Health))
def healthz() -> Response:
    """The process lives."""
    return answered(Health())


@route(bp, "GET /readyz", ANYONE, Answers(Health, refusals=(503,)))
def readyz() -> Response:
    """The database holds a mall, takes what is written, and is whole as far as anybody has read it."""
    with container().db.reading() as session:
        if session.execute(select(MallLog.mall_id).limit(1)).first() is None:
            raise Busy("Belum ada mal. Jalankan: mpp init.")
    container().db.try_writing()
    return answered(Health())


@route(bp, "GET /api/v1/openapi.json", ANYONE, Answers("Object"))
def openapi() -> Response:
    """This description."""
    return Response(_described(), mimetype="application/json")


@lru_cache(maxsize=1)
def _described() -> str:
    return json.dumps(description(VERSION, OLDEST_CLIENT), ensure_ascii=False)
