"""Finding a service by the words that people use for it, among the rows of the catalogue."""

from collections.abc import Mapping
from typing import Any

from mpp.web import service_search
from mpp.web.service_search import Searchable, ServiceIndex


def found(catalogue: Mapping[str, Any], query: str) -> list[dict[str, Any]]:
    """The services that fit what was said, the best first; empty when nothing does."""
    services = {row["code"]: row for row in catalogue["services"]}
    agencies = {row["code"]: row for row in catalogue["agencies"]}
    queues = {row["code"]: row for row in catalogue["queues"]}
    index = ServiceIndex(
        _searchable(row, agencies[row["agency"]], queues[row["queue"]]) for row in services.values()
    )
    return [services[code] for code in index.find(query)]


def _searchable(
    service: Mapping[str, Any], agency: Mapping[str, Any], queue: Mapping[str, Any]
) -> Searchable:
    texts = [
        (service_search.NAME, service["name"]),
        (service_search.EVERYDAY, " ".join(service.get("words", ()))),
        (service_search.AGENCY_SHORT, agency["short_name"]),
        (service_search.AGENCY, agency["name"]),
        (service_search.PRODUCT, (service["standard"].get("product") or {}).get("text", "")),
        (service_search.QUEUE, queue["name"]),
    ]
    return Searchable(service["code"], service["open"], texts)
