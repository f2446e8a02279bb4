"""The admin's pages: people, passwords, rights, and the order of lines."""

import re

import pytest
from sqlalchemy import select

from mpp.domain.people import Person
from mpp.queries.malls import mall
from tests.browser.hall import PASSWORD

NEW = {"name": "nia", "role": "officer", "agency": "A", "password": PASSWORD, "again": PASSWORD}


@pytest.fixture
def admin(browser):
    browser.sign_in("agus")
    return browser


@pytest.fixture
def added(admin, hall):
    """Add somebody through the page, and give the id."""

    def add(name, **fields):
        answer = admin.post("/admin/people", "/admin/people/new", **{**NEW, "name": name, **fields})
        assert answer.status_code in (200, 303), answer.text
        return person(hall, name).id

    return add


def person(hall, name):
    with hall.db.reading() as session:
        return session.scalars(select(Person).where(Person.name == name)).one_or_none()


def wrong(answer, field):
    """The sentence beside a field."""
    found = re.search(rf'id="{field}-wrong"[^>]*>([^<]+)<', answer.text)
    return found[1] if found else None


def row(admin, name):
    """The words of one row of the list."""
    text = re.search(rf"<tr[^>]*>(?:(?!</tr>).)*>{name}</a>.*?</tr>", admin.get("/admin").text, re.DOTALL)[0]
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


@pytest.mark.parametrize("name", ["budi", "rina", "sari", "wati"])
def test_nobody_but_an_admin_enters(browser, name):
    browser.sign_in(name)

    pages = ["/admin", "/admin/people/new", "/admin/people/1", "/admin/queues", "/admin/queues/AA"]

    assert {browser.get(page).status_code for page in pages} == {403}
    assert browser.post("/admin/people", "/admin", **NEW).status_code == 403


def test_the_list_tells_role_agency_rights_and_who_is_here(admin, another):
    another().sign_in("gita")

    assert row(admin, "gita") == "gita Petugas loket Imigrasi – sedang masuk aktif"
    assert row(admin, "rina").startswith("rina Supervisor Seluruh mal –")
    assert row(admin, "sari").startswith("sari Supervisor Disdukcapil –")
    assert row(admin, "wati").startswith("wati Pemandu Seluruh mal –")


def test_somebody_who_signed_out_was_last_here_today(admin, another):
    visitor = another()
    visitor.sign_in("eko")
    visitor.post("/sign-out", "/desk")

    assert re.search(r"– hari ini \d\d\.\d\d aktif$", row(admin, "eko"))
    assert "belum pernah" in row(admin, "hadi")


@pytest.mark.parametrize(
    ("words", "found"),
    [("gita", {"gita"}), ("pemandu", {"wati"}), ("SUPERVISOR disduk", {"sari"}), ("tidak-ada", set())],
)
def test_people_are_found_by_name_role_and_agency(admin, words, found):
    page = admin.get(f"/admin?q={words}").text

    names = set(re.findall(r'<a href="/admin/people/\d+">(\w+)</a>', page))
    assert names == found
    assert f'value="{words}"' in page


def test_somebody_new_can_sign_in_at_once(admin, another, hall):
    answer = admin.post("/admin/people", "/admin/people/new", **NEW)

    assert (answer.status_code, answer.location) == (303, "/admin")
    assert "nia ditambahkan." in admin.get("/admin").text
    assert "nia ditambahkan." not in admin.get("/admin").text
    assert another().sign_in("nia").location == "/desk"
    assert person(hall, "nia").role == "officer"


def test_a_password_that_was_made_is_shown_once_and_opens_the_door(admin, another):
    fields = {**NEW, "name": "oka", "how": "generate", "password": "", "again": ""}

    answer = admin.post("/admin/people", "/admin/people/new", **fields)

    made = re.search(r'id="secret">([^<]+)<', answer.text)[1]
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"
    assert another().sign_in("oka", made).status_code == 303
    assert made not in admin.get("/admin").text


@pytest.mark.parametrize(
    ("mistake", "field", "sentence"),
    [
        ({"name": ""}, "name", "Nama harus 1 sampai 60 karakter."),
        ({"name": "budi"}, "name", "Nama budi sudah ada."),
        ({"role": "raja"}, "role", "Pilih salah satu peran."),
        ({"role": "admin"}, "agency", "Admin selalu untuk seluruh mal."),
        ({"agency": "XX"}, "agency", "Tidak ada instansi berkode XX."),
        ({"again": "lain-sama-sekali"}, "again", "Kedua kata sandi tidak sama."),
        ({"password": "", "again": ""}, "password", "Isi kata sandi, atau minta dibuatkan."),
        (
            {"password": "pendek", "again": "pendek"},
            "password",
            "Kata sandi paling sedikit 12 karakter.",
        ),
    ],
)
def test_a_mistake_is_said_beside_its_field_and_nothing_typed_is_lost(admin, hall, mistake, field, sentence):
    fields = {**NEW, "name": "tak-jadi", **mistake}

    answer = admin.post("/admin/people", "/admin/people/new", **fields)

    assert answer.status_code == 422
    assert wrong(answer, field) == sentence
    assert f'name="name" value="{fields["name"]}"' in answer.text
    if fields["role"] != "raja":
        assert re.search(rf'value="{fields["role"]}" checked', answer.text)
    if fields["agency"] == "A":
        assert re.search(r'value="A" selected', answer.text)
    assert person(hall, "tak-jadi") is None


def test_two_mistakes_are_both_said(admin):
    answer = admin.post(
        "/admin/people", "/admin/people/new", **{**NEW, "role": "raja", "again": "lain-sama-sekali"}
    )

    assert wrong(answer, "role") and wrong(answer, "again")


def test_a_right_is_granted_and_revoked(admin, added, hall):
    lina = added("lina")

    admin.post(f"/admin/people/{lina}/rights", f"/admin/people/{lina}", right="call_chosen", on="on")
    granted, shown = person(hall, "lina").rights, row(admin, "lina")
    admin.post(f"/admin/people/{lina}/rights", f"/admin/people/{lina}", right="call_chosen")

    assert granted == ["call_chosen"]
    assert "Memanggil di luar urutan" in shown
    assert person(hall, "lina").rights == []
    assert admin.post(f"/admin/people/{lina}/rights", "/admin", right="terbang", on="on").status_code == 404


def test_a_new_password_ends_the_old_one_and_its_sessions(admin, added, another):
    maya, browser = added("maya"), another()
    browser.sign_in("maya")

    changed = admin.post(
        f"/admin/people/{maya}/password",
        f"/admin/people/{maya}",
        password="jalan-baru-77",
        again="jalan-baru-77",
    )

    assert changed.location == f"/admin/people/{maya}"
    assert browser.get("/desk").location == "/?next=/desk"
    assert another().sign_in("maya").status_code == 401
    assert another().sign_in("maya", "jalan-baru-77").status_code == 303


def test_a_password_that_is_refused_changes_nothing(admin, added, another):
    putu = added("putu")

    answer = admin.post(
        f"/admin/people/{putu}/password",
        f"/admin/people/{putu}",
        password="putu-putu-putu",
        again="putu-putu-putu",
    )

    assert answer.status_code == 422
    assert wrong(answer, "password") == "Kata sandi ini terlalu mudah ditebak."
    assert another().sign_in("putu").status_code == 303


def test_sessions_are_ended_without_touching_the_password(admin, added, another):
    ratna, browser = added("ratna"), another()
    browser.sign_in("ratna")
    assert "Sedang masuk di 1 layar." in admin.get(f"/admin/people/{ratna}").text

    admin.post(f"/admin/people/{ratna}/sign-out", f"/admin/people/{ratna}")

    assert browser.get("/desk").location == "/?next=/desk"
    assert "Tidak sedang masuk." in admin.get(f"/admin/people/{ratna}").text
    assert another().sign_in("ratna").status_code == 303


def test_somebody_is_disabled_and_enabled_again(admin, added, another):
    surya, browser = added("surya"), another()
    browser.sign_in("surya")

    admin.post(f"/admin/people/{surya}/disable", f"/admin/people/{surya}")
    off, shown = another().sign_in("surya").status_code, row(admin, "surya")
    admin.post(f"/admin/people/{surya}/enable", f"/admin/people/{surya}")

    assert browser.get("/desk").location == "/?next=/desk"
    assert off == 401 and shown.endswith("nonaktif")
    assert another().sign_in("surya").status_code == 303


def test_weighty_deeds_ask_first(admin, added):
    tari = added("tari")

    page = admin.get(f"/admin/people/{tari}").text

    assert "Nonaktifkan tari?" in page
    assert 'data-dialog="disable"' in page
    assert not re.search(
        r'<form[^>]*/disable"[^>]*>(?:(?!</form>).)*</form>(?!\s*</dialog>)', page, re.DOTALL
    )


def test_an_admin_cannot_disable_themselves(admin, hall):
    agus = person(hall, "agus").id

    answer = admin.post(f"/admin/people/{agus}/disable", f"/admin/people/{agus}")

    assert answer.location == f"/admin/people/{agus}"
    assert "Anda tidak dapat menonaktifkan akun Anda sendiri." in admin.get(answer.location).text
    assert person(hall, "agus").active


@pytest.mark.parametrize("deed", ["", "/password", "/rights", "/disable", "/enable", "/sign-out"])
def test_somebody_who_is_not_there_is_not_found(admin, deed):
    path = f"/admin/people/424242{deed}"

    answer = admin.post(path, "/admin") if deed else admin.get(path)

    assert answer.status_code == 404


@pytest.mark.parametrize("csrf, origin", [("lain", None), ("", None), (None, "https://jahat.example")])
def test_a_forged_form_changes_nothing(admin, hall, csrf, origin):
    fields = {**NEW, "name": "palsu"} | ({} if csrf is None else {"csrf": csrf})

    answer = admin.post("/admin/people", "/admin/people/new", origin=origin, **fields)

    assert answer.status_code == 403
    assert person(hall, "palsu") is None


def test_the_log_never_holds_a_name_or_a_password(admin, added, hall):
    added("unik-sekali")

    told = admin.get("/api/v1/events?limit=1000").text

    assert "person_added" in told
    assert "unik-sekali" not in told and PASSWORD not in told


# The order of lines


def policy(hall, code):
    with hall.db.reading() as session:
        found = mall(session, 1).queues[code]
        return dict(found.policy), found.quota


def test_every_line_and_counter_stands_there_with_its_setting(admin, hall):
    page = admin.get("/admin/queues").text

    assert all(f'id="queue-{code}"' in page for code in hall.mall.queues)
    assert all(f'id="counter-{number}"' in page for number in hall.mall.counters)
    assert "prioritas dihitung 15 menit lebih awal" in page


@pytest.mark.parametrize(
    ("code", "typed", "kept"),
    [
        ("AA", {"kind": "head_start", "minutes": "20", "quota": "80"}, {"kind": "head_start", "minutes": 20}),
        (
            "AB",
            {"kind": "ratio", "regular": "3", "priority": "1", "quota": ""},
            {"kind": "ratio", "regular": 3, "priority": 1},
        ),
        ("AC", {"kind": "strict", "minutes": "9", "quota": ""}, {"kind": "strict"}),
    ],
)
def test_an_order_is_set_for_numbers_taken_from_now_on(admin, hall, code, typed, kept):
    told = admin.get(f"/admin/queues/{code}").text

    answer = admin.post(f"/admin/queues/{code}", f"/admin/queues/{code}", **typed)

    assert "Perubahan berlaku untuk nomor yang diambil mulai sekarang." in told
    assert answer.location == "/admin/queues"
    assert f"Antrean {code} disimpan." in admin.get("/admin/queues").text
    assert policy(hall, code) == (kept, int(typed["quota"]) if typed["quota"] else None)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"kind": "head_start", "minutes": "dua", "quota": "5"}, "minutes"),
        ({"kind": "head_start", "minutes": "", "quota": "5"}, "minutes"),
        ({"kind": "ratio", "regular": "99", "priority": "1", "quota": "5"}, "regular"),
        ({"kind": "strict", "quota": "banyak"}, "quota"),
        ({"kind": "undian", "quota": "5"}, "kind"),
    ],
)
def test_a_mistake_in_an_order_is_said_beside_its_field(admin, hall, typed, field):
    before = policy(hall, "BA")

    answer = admin.post("/admin/queues/BA", "/admin/queues/BA", **typed)

    assert answer.status_code == 422
    assert wrong(answer, field)
    for name, text in typed.items():
        if name != "kind":
            assert re.search(rf'name="{name}"[^>]*value="{text}"', answer.text)
    assert policy(hall, "BA") == before


def test_a_counter_is_told_how_to_choose(admin, hall):
    one = hall.counter("Loket 4")

    answer = admin.post(
        f"/admin/counters/{one}", f"/admin/counters/{one}", picks="relative_wait", prefers="on"
    )

    assert answer.location == "/admin/queues"
    with hall.db.reading() as session:
        place = mall(session, 1).counters[one]
    assert (place.picks, place.prefers_priority) == ("relative_wait", True)
    assert admin.post(f"/admin/counters/{one}", "/admin", picks="dadu").status_code == 422


def test_a_line_or_a_counter_that_is_not_there_is_not_found(admin):
    pages = [admin.get("/admin/queues/ZZ"), admin.get("/admin/counters/424242")]
    pages += [admin.post(path, "/admin") for path in ("/admin/queues/ZZ", "/admin/counters/424242")]

    assert {page.status_code for page in pages} == {404}
