"""The mall file: the sample is whole, and every mistake is reported at its place, all in one go."""

import json
import os
import re
from collections import Counter
from copy import deepcopy
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from mpp.domain.hours import openness
from mpp.holidays import suggested_holidays
from mpp.mallfile import (
    LARGEST,
    MallFile,
    MallFileWrong,
    Mistake,
    agency_schedule,
    mall_schedule,
    parse,
    queue_schedule,
    read,
    service_schedule,
)
from mpp.mallfile.messages import UNKNOWN

SAMPLE = Path(__file__).parents[1] / "config" / "malls" / "sagara.json"
WIB = ZoneInfo("Asia/Jakarta")
EXAMPLES = re.compile(r"^```json\n(.*?)\n```$", re.DOTALL | re.MULTILINE)
SMALL = {
    "format": "mpp-mall-1",
    "sources": {"UU25": "UU 25/2009"},
    "mall": {
        "code": "MPP-KECIL",
        "name": "Mal Pelayanan Publik Kecil",
        "city": "Kota Kecil",
        "timezone": "Asia/Makassar",
        "hours": {
            "mon": {"opens": "08:00", "closes": "15:00", "breaks": [["12:00", "13:00"]]},
            "tue": {"opens": "08:00", "closes": "15:00"},
            "wed": {"opens": "08:00", "closes": "15:00"},
            "thu": {"opens": "08:00", "closes": "15:00"},
            "fri": {"opens": "08:00", "closes": "15:00", "breaks": [["11:30", "13:00"]]},
            "sat": None,
            "sun": None,
        },
        "periods": [
            {
                "name": "Ramadan",
                "first": "2026-02-19",
                "last": "2026-03-20",
                "hours": {"mon": {"opens": "08:00", "closes": "14:00"}},
            }
        ],
        "open_dates": [{"date": "2026-12-26", "hours": {"opens": "09:00", "closes": "12:00"}}],
    },
    "zones": [{"code": "merah", "name": "Zona Merah", "floor": 1}],
    "priorities": [{"code": "LANSIA", "name": "Lanjut usia", "priority": True, "level": "V-LAW"}],
    "holidays": [{"date": "2026-12-25", "name": "Hari Raya Natal", "kind": "libur_nasional", "level": "V"}],
    "agencies": [
        {
            "code": "A",
            "name": "Dinas Kependudukan",
            "short_name": "Disdukcapil",
            "kind": "opd_daerah",
            "floor": 1,
            "zone": "merah",
            "days": ["mon", "tue", "wed", "thu", "fri"],
            "queues": [
                {"code": "AA", "name": "KTP-el", "minutes": 10, "quota": 100, "online_quota": 40},
                {
                    "code": "AB",
                    "name": "KK",
                    "minutes": 12,
                    "policy": {"kind": "ratio", "regular": 2, "priority": 1},
                },
            ],
            "counters": [
                {"number": 1, "name": "Loket 1", "queues": ["AA"]},
                {"number": 2, "name": "Loket 2", "queues": ["AB", "AA"], "zone": "merah"},
            ],
            "services": [
                {
                    "code": "A-01",
                    "name": "Perekaman KTP-el",
                    "queue": "AA",
                    "kind": "regular",
                    "desk_minutes": 12,
                    "days": ["tue"],
                    "hours": {"tue": {"opens": "09:00", "closes": "11:00"}},
                    "standard": {"fee": {"text": "Gratis", "rupiah": 0, "level": "V-LAW"}},
                    "sources": ["UU25"],
                }
            ],
        },
        {
            "code": "B",
            "name": "Kantor Imigrasi",
            "short_name": "Imigrasi",
            "kind": "vertikal",
            "floor": 1,
            "zone": "merah",
            "queues": [{"code": "BA", "name": "Paspor", "minutes": 20}],
            "counters": [{"number": 3, "name": "Loket 3", "queues": ["BA"]}],
        },
    ],
}


def text(document: object) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False)


def put(document: object, place: str, value: object) -> None:
    """Write a value at a JSON pointer; the last step may be new, "-" appends."""
    *way, last = place.split("/")[1:]
    for step in way:
        document = document[int(step) if isinstance(document, list) else step]
    if isinstance(document, dict):
        document[last] = value
    elif last == "-":
        document.append(value)
    else:
        document[int(last)] = value


def mistakes(written: str) -> list[Mistake]:
    with pytest.raises(MallFileWrong) as refusal:
        parse(written)
    return refusal.value.mistakes


@cache
def sample():
    return read(SAMPLE)


def test_the_sample_is_whole():
    assert len(sample().agencies) == 24
    assert len(list(sample().queues)) == 31
    assert len(list(sample().counters)) == 40
    assert len(list(sample().services)) == 117
    assert sum(service.standard.complete for _, service in sample().services) == 72
    assert {zone.code for zone in sample().zones} == {"merah", "kuning", "biru", "hijau", "lobi"}


def test_every_service_of_the_sample_says_how_sure_it_is():
    levels = Counter(
        getattr(service.standard, part).level
        for _, service in sample().services
        for part in ("time_limit", "fee", "product")
    )

    assert levels == {"I": 99 + 84 + 45, "V-LAW": 16 + 26, "V": 2 + 5, "R": 2 + 72}
    assert sum("en" in service.languages for _, service in sample().services) == 7


def test_the_sample_opens_and_rests_as_it_says():
    mall = mall_schedule(sample())
    immigration = next(each for each in sample().agencies if each.code == "B")
    friday = openness(datetime(2026, 11, 20, 12, tzinfo=WIB), WIB, mall, agency_schedule(immigration))

    assert friday.open
    assert [(a.time(), b.time()) for a, b in friday.breaks] == [(time(11, 30), time(13))]
    assert openness(datetime(2026, 11, 20, 14, 30, tzinfo=WIB), WIB, mall).reason == "after_cutoff"
    assert openness(datetime(2026, 12, 24, 9, tzinfo=WIB), WIB, mall).reason == "holiday"


def test_an_agency_of_one_weekday_is_closed_on_the_others():
    customs = next(each for each in sample().agencies if each.code == "T")

    state = openness(
        datetime(2026, 11, 23, 9, tzinfo=WIB), WIB, mall_schedule(sample()), agency_schedule(customs)
    )

    assert state.reason == "closed_today"
    assert state.next_opening == datetime(2026, 11, 25, 7, 30, tzinfo=WIB)


def test_every_icon_of_the_sample_is_in_the_look():
    icons = Path(__file__).parents[1] / "display" / "look" / "icons"

    assert [each.icon for each in sample().agencies if not (icons / f"{each.icon}.svg").is_file()] == []


def test_the_confirmed_holidays_of_the_sample_are_those_of_the_calendar():
    confirmed = {(each.date, each.kind) for each in sample().holidays if each.date.year == 2026}

    assert confirmed == {(day, kind) for day, _, kind in suggested_holidays(2026)}


def test_a_small_mall_is_accepted_and_read_as_written():
    mall = parse(text(SMALL))
    service = mall.agencies[0].services[0]
    schedule = service_schedule(service)

    assert mall.agencies[0].queues[0].policy.model_dump() == {"kind": "head_start", "minutes": 15}
    assert mall.agencies[0].queues[1].policy.model_dump() == {"kind": "ratio", "regular": 2, "priority": 1}
    assert schedule.week[0] is None
    assert schedule.week[1].opens == time(9)
    assert queue_schedule(mall.agencies[0].queues[0]).week is None
    assert mall_schedule(mall).closed_dates == {date(2026, 12, 25): "Hari Raya Natal"}
    assert mall_schedule(mall).open_dates[date(2026, 12, 26)].closes == time(12)


def keys(part: type[BaseModel]) -> set[str]:
    """Every key that the file may hold, from this part down."""
    inner = [kind for field in part.model_fields.values() for kind in parts(field.annotation)]
    return {*part.model_fields, *(key for kind in inner for key in keys(kind))}


def parts(annotation: object) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [part for inner in get_args(annotation) for part in parts(inner)]


def test_every_key_is_documented():
    manual = (SAMPLE.parents[2] / "docs" / "mall-file.md").read_text(encoding="utf-8")

    assert len(keys(MallFile)) > 80
    assert {key for key in keys(MallFile) if f"`{key}`" not in manual and f'"{key}"' not in manual} == set()


def test_the_examples_in_the_manual_make_a_mall():
    manual = (SAMPLE.parents[2] / "docs" / "mall-file.md").read_text(encoding="utf-8")
    examples = [
        json.loads(block if block[0] == "{" else f"{{{block}}}") for block in EXAMPLES.findall(manual)
    ]
    whole, mall, zone, priority, holiday, agency, queue, counter, service, standard = examples
    whole["sources"] |= {"UU8_19": "UU 8/2016", "METRO": "SPP KTP-el"}
    agency |= {
        "queues": [queue],
        "counters": [counter | {"queues": ["AA"]}],
        "services": [service | standard],
    }
    lists = {"zones": [zone], "priorities": [priority], "holidays": [holiday], "agencies": [agency]}

    assert parse(text(whole | mall | lists)).agencies[0].services[0].standard.complete


def test_a_year_is_suggested_with_its_joint_leave():
    days = suggested_holidays(2026)

    assert (date(2026, 12, 24), "Cuti Bersama Hari Raya Natal", "cuti_bersama") in days
    assert (date(2026, 8, 17), "Hari Kemerdekaan Republik Indonesia", "libur_nasional") in days
    assert days == sorted(days)


A, B = "/agencies/0", "/agencies/1"
MORNING = {"opens": "09:00", "closes": "11:00"}
SEEDED = [
    ("/mall/timezone", "Asia/Jakartta", "/mall/timezone", "zona waktu tidak dikenal"),
    ("/mall/hours/tue/closes", "07:00", "/mall/hours/tue/closes", "tidak sesudah buka"),
    ("/mall/hours/tue/opens", "8.00", "/mall/hours/tue/opens", "JJ:MM"),
    ("/mall/hours/mon/breaks/0", ["14:30", "15:30"], "/mall/hours/mon/breaks/0", "di luar jam buka"),
    ("/mall/hours/mon/breaks/0", ["13:00", "12:00"], "/mall/hours/mon/breaks/0", "selesai tidak sesudah"),
    ("/mall/hours/mon/breaks/0", ["12:00"], "/mall/hours/mon/breaks/0", "paling kurang 2"),
    ("/mall/hours/mon/breaks/-", ["12:30", "13:30"], "/mall/hours/mon/breaks/1", "mulai sebelum"),
    ("/mall/hours/minggu", None, "/mall/hours/minggu", "tidak dikenal"),
    ("/mall/periods/0/last", "2026-02-01", "/mall/periods/0/last", "mendahului"),
    ("/mall/periods/0/first", "2026-02-30", "/mall/periods/0/first", "tidak ada di kalender"),
    ("/mall/periods/-", SMALL["mall"]["periods"][0], "/mall/periods/1/first", "bertumpuk"),
    ("/mall/open_dates/-", SMALL["mall"]["open_dates"][0], "/mall/open_dates/1/date", "disebut dua kali"),
    ("/mall/languages", [], "/mall/languages", "paling kurang 1"),
    ("/mall/name", "Mal\nDua", "/mall/name", "ganti baris"),
    ("/mall/name", "Mal\u202eDua", "/mall/name", "tidak dapat ditampilkan"),
    ("/mall/name", "Mal\u200bDua", "/mall/name", "tidak dapat ditampilkan"),
    (f"{A}/counters/1/name", "Loket 1\u200d", f"{A}/counters/1/name", "tidak dapat ditampilkan"),
    ("/mall/name", " Mal", "/mall/name", "spasi"),
    ("/mall/name", "", "/mall/name", "kosong"),
    ("/mall/name", "M" * 201, "/mall/name", "terlalu panjang"),
    ("/mall/last_number_minutes", "30", "/mall/last_number_minutes", "bilangan bulat"),
    ("/zones/-", {"code": "merah", "name": "Merah dua", "floor": 2}, "/zones/1/code", "sudah dipakai"),
    ("/zones/0/code", "Merah", "/zones/0/code", "huruf kecil"),
    ("/holidays/-", SMALL["holidays"][0], "/holidays/1/date", "sudah dipakai"),
    ("/holidays/0/kind", "libur", "/holidays/0/kind", "pilih libur_nasional, cuti_bersama atau libur_daerah"),
    ("/priorities/0/level", "yakin", "/priorities/0/level", "pilih V-LAW"),
    ("/priorities/0/priority", "ya", "/priorities/0/priority", "true atau false"),
    (f"{A}/zone", "ungu", f"{A}/zone", 'zona "ungu" tidak ada'),
    (f"{A}/counters/1/zone", "ungu", f"{A}/counters/1/zone", 'zona "ungu" tidak ada'),
    (f"{B}/code", "A", f"{B}/code", "sudah dipakai"),
    (f"{B}/break_mode", "kadang", f"{B}/break_mode", "pilih closed atau rotating"),
    (f"{A}/days/-", "mon", f"{A}/days/5", "Senin disebut dua kali"),
    (f"{A}/queues", {}, f"{A}/queues", "kurung siku"),
    (f"{A}/queues/0", "AA", f"{A}/queues/0", "kurung kurawal"),
    (f"{A}/queues/0/code", "AI", f"{A}/queues/0/code", "tanpa I dan O"),
    (f"{A}/queues/0/code", "O", f"{A}/queues/0/code", "tanpa I dan O"),
    (f"{A}/queues/0/code", "A1", f"{A}/queues/0/code", "tanpa angka"),
    (f"{A}/queues/1/code", "AA", f"{A}/queues/1/code", "sudah dipakai"),
    (f"{B}/queues/0/code", "AA", f"{B}/queues/0/code", "sudah dipakai"),
    (f"{A}/queues/-", {"code": "AC", "name": "Akta", "minutes": 5}, f"{A}/queues/2/code", "tidak dilayani"),
    (f"{A}/queues/0/minutes", 0, f"{A}/queues/0/minutes", "paling kurang 1"),
    (f"{A}/queues/0/minutes", 7.5, f"{A}/queues/0/minutes", "bilangan bulat"),
    (f"{A}/queues/0/quota", 99999, f"{A}/queues/0/quota", "paling banyak 9999"),
    (f"{A}/queues/0/online_quota", 101, f"{A}/queues/0/online_quota", "melebihi kuota"),
    (f"{A}/queues/0/policy", {"kind": "acak"}, f"{A}/queues/0/policy", "pilih head_start"),
    (f"{A}/queues/0/policy", {}, f"{A}/queues/0/policy", "wajib memuat"),
    (f"{A}/queues/1/policy/regular", 0, f"{A}/queues/1/policy/regular", "paling kurang 1"),
    (f"{A}/counters/1/number", 1, f"{A}/counters/1/number", "sudah dipakai"),
    (f"{B}/counters/0/name", "Loket 1", f"{B}/counters/0/name", "sudah dipakai"),
    (f"{A}/counters/0/queues", ["AA", "AX"], f"{A}/counters/0/queues/1", 'antrean "AX" tidak ada'),
    (f"{A}/counters/0/queues", ["BA"], f"{A}/counters/0/queues/0", "milik instansi lain"),
    (f"{A}/counters/0/queues", ["AA", "AA"], f"{A}/counters/0/queues/1", "disebut dua kali"),
    (f"{A}/services/0/queue", "AX", f"{A}/services/0/queue", 'antrean "AX" tidak ada'),
    (f"{A}/services/0/hours/wed", MORNING, f"{A}/services/0/hours/wed", "tidak ada dalam days"),
    (f"{A}/services/0/sources/0", "UU1", f"{A}/services/0/sources/0", "tidak ada dalam daftar sumber"),
    (f"{A}/services/0/standard/fee/level", None, f"{A}/services/0/standard/fee/level", "pilih V-LAW"),
    (f"{A}/services/0/standard/harga", {}, f"{A}/services/0/standard/harga", "tidak dikenal"),
    (f"{A}/services/0/nama", "KTP", f"{A}/services/0/nama", "periksa ejaannya"),
    ("/sources/", "kosong", "/sources/", "kosong"),
    ("/format", "mpp-mall-9", "/format", "pilih mpp-mall-1"),
]  # fmt: skip


@pytest.mark.parametrize(("where", "value", "place", "words"), SEEDED)
def test_a_mistake_is_reported_at_its_place_and_line(where, value, place, words):
    document = deepcopy(SMALL)
    put(document, where, value)
    written = text(document)

    found = [mistake for mistake in mistakes(written) if mistake.place == place]

    assert len(found) == 1
    assert words in found[0].message
    last_step = place.rpartition("/")[2]
    line = written.splitlines()[found[0].line - 1]
    assert last_step.isdigit() or f'"{last_step}"' in line


def test_all_mistakes_are_reported_in_one_go_in_the_order_of_the_file():
    document = deepcopy(SMALL)
    chosen = ("/mall/timezone", "/mall/hours/tue/closes", f"{A}/zone", f"{B}/counters/0/name")
    chosen += (f"{A}/queues/0/minutes", f"{A}/services/0/queue", f"{A}/services/0/nama")
    places = {place: (where, value) for where, value, place, _ in SEEDED if where in chosen}
    for where, value in places.values():
        put(document, where, value)
    del document["agencies"][1]["short_name"]

    found = mistakes(text(document))

    assert {mistake.place for mistake in found} == {*places, f"{B}/short_name"}
    assert [mistake.line for mistake in found] == sorted(mistake.line for mistake in found)
    assert str(MallFileWrong(found)).count("\n") == len(found) - 1


def test_a_key_written_twice_is_a_mistake():
    written = text(SMALL).replace('"city": "Kota Kecil"', '"city": "Kota Kecil",\n    "city": "Kota Lain"')

    assert [(each.place, each.line) for each in mistakes(written)] == [("/mall/city", 10)]


@pytest.mark.parametrize(
    ("written", "line", "column", "words"),
    [
        ('{"a": 1,\n "b": }', 2, 7, "bukan JSON"),
        ('{"a": 1\n "b": 2}', 2, 2, "koma"),
        ('{"a": [1, 2,]}', 1, 13, "koma yang berlebih"),
        ("{'a': 1}", 1, 2, "tanda kutip"),
        ('{"a" 1}', 1, 6, "titik dua"),
        ('{"a": "x', 1, 7, "tidak ditutup"),
        ('{"a": NaN}', 1, 7, "bukan JSON"),
        ('{"a": 1} x', 1, 10, "tulisan lain"),
        ('{"a": [1', 1, 9, "berakhir sebelum lengkap"),
        ("", 1, 1, "berakhir sebelum lengkap"),
        ("[" * 5000, 1, 22, "tingkat kurung"),
        ('{"a": ' + "9" * 5000 + "}", 1, 7, "terlalu panjang"),
    ],
)
def test_text_that_is_not_json_is_refused_with_line_and_column(written, line, column, words):
    [mistake] = mistakes(written)

    assert mistake.line == line
    assert f"kolom {column}: " in mistake.message
    assert words in mistake.message


@pytest.mark.parametrize("written", ["null", "[]", '"mal"', "3", "{}"])
def test_json_that_is_no_mall_is_refused(written):
    assert mistakes(written)


def test_a_file_that_cannot_be_read_says_why(tmp_path):
    big, foreign, pipe = tmp_path / "big.json", tmp_path / "foreign.json", tmp_path / "pipe"
    big.write_bytes(b" " * (LARGEST + 1))
    foreign.write_bytes(b'{\n"name": "caf\xe9"}')
    os.mkfifo(pipe)
    reasons = {
        tmp_path / "none.json": "tidak ditemukan",
        tmp_path: "bukan berkas biasa",
        pipe: "bukan berkas biasa",
        big: "terlalu besar",
        foreign: "bukan teks UTF-8",
        "a\0b": "tidak dapat dibaca",
    }

    for path, words in reasons.items():
        with pytest.raises(MallFileWrong, match=words):
            read(path)


def test_a_file_saved_by_notepad_is_read(tmp_path):
    path = tmp_path / "mall.json"
    path.write_bytes(b"\xef\xbb\xbf" + text(SMALL).replace("\n", "\r\n").encode())

    assert read(path).mall.code == "MPP-KECIL"


WORDS = ["AA", "merah", "08:00", "2026-12-25", "mon", "V-LAW", "head_start", "\ud800"]
KEYS = st.sampled_from(["code", "queues", "opens", "kind", "sources", "hours", ""])
PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(WORDS)
JUNK = st.recursive(
    PLAIN,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=6,
)


def places(part: object, here: str = "") -> list[str]:
    steps = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    return [here, *(below for step, value in steps for below in places(value, f"{here}/{step}"))]


PLACES = places(SMALL)[1:]
ENGLISH = re.compile(r"\b(should|input|valid|field|must|unable|expected)\b", re.IGNORECASE)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(changes=st.lists(st.tuples(st.sampled_from(PLACES), JUNK), min_size=1, max_size=4))
def test_no_junk_raises_anything_but_the_refusal_and_it_speaks_indonesian(changes):
    document = deepcopy(SMALL)
    for place, value in sorted(changes, reverse=True, key=lambda change: len(change[0])):
        put(document, place, value)

    try:
        mall = parse(json.dumps(document))
    except MallFileWrong as refusal:
        assert refusal.mistakes
        for mistake in refusal.mistakes:
            assert str(mistake).isprintable()
            assert mistake.message != UNKNOWN
            assert not ENGLISH.search(mistake.message)
    else:
        mall_schedule(mall)
        for agency in mall.agencies:
            agency_schedule(agency)
            [*map(queue_schedule, agency.queues), *map(service_schedule, agency.services)]


@settings(max_examples=300, deadline=None)
@given(start=st.integers(0, len(text(SMALL))), length=st.integers(0, 30), junk=st.text(max_size=5))
def test_a_torn_file_raises_nothing_but_the_refusal(start, length, junk):
    written = text(SMALL)

    try:
        parse(written[:start] + junk + written[start + length :])
    except MallFileWrong as refusal:
        assert refusal.mistakes
