"""What no single value can show: codes used twice, unknown codes, queues without a counter."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from mpp.mallfile.json_lines import Json, pointer

Found = Iterator[tuple[str, str]]
Row = dict[str, Json]


def reference_mistakes(document: Json) -> Found:
    """Each mistake as its place and its sentence; skips what the schema refuses anyway."""
    yield from _twice(document)
    yield from _zones(document)
    yield from _sources(document, document, "")
    everywhere = _codes(_below(document, "queues"))
    for place, agency in rows(document, "", "agencies"):
        yield from _queues(agency, place, everywhere)
        yield from _quotas(agency, place)


def rows(parent: Json, place: str, key: str) -> Iterator[tuple[str, Row]]:
    """The objects of a list, each with its place; nothing when there is no such list."""
    listed = parent.get(key) if isinstance(parent, dict) else None
    for number, row in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(row, dict):
            yield f"{place}/{key}/{number}", row


def _below(document: Json, key: str) -> Iterator[tuple[str, Row]]:
    for place, agency in rows(document, "", "agencies"):
        yield from rows(agency, place, key)


def texts(row: Row, key: str) -> Iterator[tuple[int, str]]:
    """The texts of a list, each with its position."""
    listed = row.get(key)
    for number, text in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(text, str):
            yield number, text


def _codes(found: Iterator[tuple[str, Row]]) -> set[str]:
    return {code for _, row in found if isinstance(code := row.get("code"), str)}


def _twice(document: Json) -> Found:
    lists: list[tuple[Callable[[], Iterator[tuple[str, Row]]], str, str]] = [
        (lambda: rows(document, "", "zones"), "code", "kode zona"),
        (lambda: rows(document, "", "priorities"), "code", "kode golongan prioritas"),
        (lambda: rows(document, "", "holidays"), "date", "tanggal libur"),
        (lambda: rows(document, "", "agencies"), "code", "kode instansi"),
        (lambda: _below(document, "queues"), "code", "huruf antrean"),
        (lambda: _below(document, "counters"), "number", "nomor loket"),
        (lambda: _below(document, "counters"), "name", "nama loket"),
        (lambda: _below(document, "services"), "code", "kode layanan"),
    ]
    for listed, key, noun in lists:
        seen: dict[str | int, str] = {}
        for place, row in listed():
            value = row.get(key)
            if not isinstance(value, str | int):
                continue
            if value in seen:
                yield f"{place}/{key}", f'{noun} "{value}" sudah dipakai di {seen[value]}'
            seen.setdefault(value, place)


def _zones(document: Json) -> Found:
    known = _codes(rows(document, "", "zones"))
    for listed in (rows(document, "", "agencies"), _below(document, "counters")):
        for place, row in listed:
            zone = row.get("zone")
            if isinstance(zone, str) and zone not in known:
                yield f"{place}/zone", f'zona "{zone}" tidak ada dalam daftar zona'


def _sources(part: Json, document: Json, place: str) -> Found:
    """Every source that is named below the top has its explanation at the top."""
    known = document.get("sources") if isinstance(document, dict) else None
    steps = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    if place and isinstance(part, dict):
        for number, source in texts(part, "sources"):
            if not isinstance(known, dict) or source not in known:
                yield f"{place}/sources/{number}", f'sumber "{source}" tidak ada dalam daftar sumber'
    for step, below in steps:
        if isinstance(below, dict | list):
            yield from _sources(below, document, place + pointer(step))


def _queues(agency: Row, place: str, everywhere: set[str]) -> Found:
    """Services and counters use queues of their own agency, and each queue has a counter."""
    own = _codes(rows(agency, place, "queues"))

    def unknown(queue: str) -> str:
        if queue in everywhere:
            return f'antrean "{queue}" milik instansi lain'
        return f'antrean "{queue}" tidak ada'

    for at, service in rows(agency, place, "services"):
        queue = service.get("queue")
        if isinstance(queue, str) and queue not in own:
            yield f"{at}/queue", unknown(queue)
    served: set[str] = set()
    for at, counter in rows(agency, place, "counters"):
        here: set[str] = set()
        for number, queue in texts(counter, "queues"):
            if queue not in own:
                yield f"{at}/queues/{number}", unknown(queue)
            elif queue in here:
                yield f"{at}/queues/{number}", f'antrean "{queue}" disebut dua kali pada loket ini'
            here.add(queue)
        served |= here
    for at, row in rows(agency, place, "queues"):
        code = row.get("code")
        if isinstance(code, str) and code not in served:
            yield f"{at}/code", f'antrean "{code}" tidak dilayani loket mana pun'


def _quotas(agency: Row, place: str) -> Found:
    for at, queue in rows(agency, place, "queues"):
        quota, online = queue.get("quota"), queue.get("online_quota")
        if isinstance(quota, int) and isinstance(online, int) and online > quota:
            yield f"{at}/online_quota", f"kuota daring {online} melebihi kuota {quota}"
