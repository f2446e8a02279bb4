"""The shapes that the API answers with, as its description gives them."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Shape(BaseModel):
    model_config = ConfigDict(extra="allow")


class Object(Shape):
    pass


class Problem(Shape):
    """RFC 9457; `code` is for programs, `detail` an Indonesian sentence."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    reason: str | None = Field(None, description="why it is closed: before_opening, holiday, break, …")
    next_opening: str | None = Field(None, description="ISO 8601 with offset")
    retry_after: int | None = Field(None, description="seconds")


class Catalogue(Shape):
    mall: dict[str, Any]
    zones: list[dict[str, Any]]
    agencies: list[dict[str, Any]]
    queues: list[dict[str, Any]]
    services: list[dict[str, Any]]
    counters: list[dict[str, Any]]
    priorities: list[dict[str, Any]]
    emergency: list[dict[str, Any]]


ANSWERS: dict[str, type[BaseModel]] = {
    shape.__name__: shape
    for shape in (
        Object,
        Catalogue,
    )
}
