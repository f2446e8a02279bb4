"""What every page of staff shows: the mall, who looks at it, and the time there."""

from datetime import datetime

from flask import Flask, g

from mpp import VERSION, clock
from mpp.domain.mall import Mall
from mpp.domain.principal import Principal
from mpp.routes import mall


def install(app: Flask) -> None:
    """Let each template of somebody who signed in say `mall`, `who`, `now` and `version`."""
    app.context_processor(_frame)


def _frame() -> dict[str, Mall | Principal | datetime | str]:
    who: Principal | None = g.get("principal")
    if who is None:
        return {}
    here = mall()
    return {"mall": here, "who": who, "now": clock.now().astimezone(here.timezone), "version": VERSION}
