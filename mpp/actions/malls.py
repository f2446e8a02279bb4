"""Setting up a mall from its file."""

from dataclasses import replace

from sqlalchemy import select

from mpp.actions.arranging.ground import Ground
from mpp.actions.arranging.kinds import AGENCY, COUNTER, PRIORITY, QUEUE, SERVICE, ZONE
from mpp.actions.arranging.placing import put
from mpp.db import Database
from mpp.domain.errors import AlreadyThere
from mpp.domain.event import About
from mpp.domain.events import MallFounded
from mpp.domain.mall import Agency, Mall
from mpp.domain.mall_words import Remarks
from mpp.mallfile import MallFile
from mpp.mallfile.model import Agency as AgencyPart
from mpp.mallfile.nouns import put_file


def found(db: Database, file: MallFile, actor: str, always: bool) -> int:
    """Write the whole mall, return its id. `always`: open at any time, no quota. Raises `AlreadyThere`."""
    with db.founding(actor) as (session, begin):
        if session.scalar(select(Mall.id).where(Mall.code == file.mall.code)) is not None:
            raise AlreadyThere(f"Mal {file.mall.code} sudah ada.")
        mall = Mall(remarks=Remarks())
        put_file(mall, file)
        mall.schedule = replace(mall.schedule, always=always)
        session.add(mall)
        session.flush()
        log = begin(mall.id)
        log.day = mall.day(log.now)
        log.record(MallFounded(always=always, timezone=mall.timezone.key), About(after=mall.code))
        ground = Ground(session, log, founding=True)
        for zone in file.zones:
            put(ground, ZONE, zone, None)
        for agency in file.agencies:
            _put_agency(ground, agency, always)
        for priority in file.priorities:
            put(ground, PRIORITY, priority, None)
        return mall.id


def _put_agency(ground: Ground, part: AgencyPart, always: bool) -> None:
    """An agency with its queues, services and counters."""
    put(ground, AGENCY, part, None)
    agency = ground.find(Agency, part.code)
    for queue in part.queues:
        put(ground, QUEUE, queue.model_copy(update={"quota": None}) if always else queue, agency)
    for service in part.services:
        put(ground, SERVICE, service, None)
    for counter in part.counters:
        put(ground, COUNTER, counter, agency)
