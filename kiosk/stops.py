"""A visitor's route: services in the order of the visit, and the stops that they make."""

from typing import Any

from kiosk.catalogue import Catalogue

MOST = 8
Row = dict[str, Any]


def stops(catalogue: Catalogue, codes: list[str]) -> list[list[Row]]:
    """The services as stops: neighbours in one queue are several matters of one turn.

    Codes that the mall no longer knows are left out.
    """
    found: list[list[Row]] = []
    for code in codes:
        service = catalogue.service(code)
        if service is None:
            continue
        if found and found[-1][0]["queue"] == service["queue"]:
            found[-1].append(service)
        else:
            found.append([service])
    return found


def exchanged(catalogue: Catalogue, codes: list[str], first: int) -> list[str]:
    """The codes with stop `first` and the one behind it exchanged, counted from 0; else as they were."""
    route = stops(catalogue, codes)
    if 0 <= first < len(route) - 1:
        route[first], route[first + 1] = route[first + 1], route[first]
    return [service["code"] for stop in route for service in stop]
