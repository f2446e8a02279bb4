"""A supervisor tells the hall of a disturbance and of an emergency, and that both are over."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def last_zone(column):
    """Where the last zone of a column stands."""
    return column.locator(".zone-band").last.bounding_box()


@pytest.fixture
def supervisor(visit):
    page = visit(width=1920, height=1080).sign_in("rina")
    expect(page.locator("#link")).to_have_attribute("data-state", "live")
    return page


def test_a_disturbance_is_told_with_its_expected_end_and_taken_back(hall, supervisor):
    supervisor.get_by_role("button", name="Kabarkan gangguan").click()
    question = supervisor.get_by_role("dialog", name="Kabarkan gangguan")
    question.get_by_label("Instansi", exact=True).select_option("E")
    question.get_by_label("Gangguan jaringan").check()
    question.get_by_label("30 menit").check()
    question.get_by_role("button", name="Kabarkan").click()

    row = supervisor.locator("#told li", has_text="Jaringan Samsat sedang gangguan, diperkirakan pulih")
    expect(row).to_be_visible()
    expect(question).not_to_be_visible()
    row.get_by_role("button", name="Sudah pulih").click()

    expect(row).not_to_be_visible()
    assert [event["agency"] for event in hall.events("disturbance_lifted")] == ["E"]


def test_an_emergency_is_raised_and_lifted_behind_a_question(hall, supervisor):
    supervisor.get_by_role("button", name="Nyalakan darurat").click()
    asked = supervisor.get_by_role("dialog", name="Nyalakan darurat?")
    asked.get_by_label("Zona Merah").check()
    asked.get_by_role("button", name="Nyalakan darurat").click()
    row = supervisor.locator("#told li", has_text="Darurat di Zona Merah")
    expect(row).to_be_visible()

    row.get_by_role("button", name="Akhiri darurat").click()
    sure = supervisor.get_by_role("dialog", name="Akhiri darurat di Zona Merah?")
    sure.get_by_role("button", name="Batal").click()
    expect(row).to_be_visible()
    row.get_by_role("button", name="Akhiri darurat").click()
    sure.get_by_role("button", name="Akhiri darurat").click()

    expect(row).not_to_be_visible()
    assert len(hall.events("emergency_lifted")) == 1


def test_a_second_disturbance_of_an_agency_is_refused_in_words(hall, visit):
    refused = "Failed to load resource: the server responded with a status of 409"
    page = visit(width=1920, height=1080, expected=(refused,)).sign_in("rina")
    for _ in range(2):
        page.get_by_role("button", name="Kabarkan gangguan").click()
        page.locator("#ask-disturbance select").select_option("K")
        page.get_by_role("button", name="Kabarkan", exact=True).click()
        page.locator("#told li", has_text="Bapenda").wait_for()

    expect(page.locator("#ask-disturbance .refused")).to_have_text("Pemberitahuan ini sudah dinyalakan.")


def test_the_whole_hall_fits_with_a_notice_and_its_columns_end_together(hall, supervisor):
    counter = hall.counter("Loket 1")
    hall.verb(counter, "open"), hall.verb(counter, "pause", reason="rapat")
    supervisor.locator("#pauses li", has_text="Loket 1").wait_for()

    assert supervisor.evaluate("document.scrollingElement.scrollHeight") <= 1080
    ends = [box["y"] + box["height"] for box in map(last_zone, supervisor.locator(".column").all())]
    assert len(ends) == 2 and abs(ends[0] - ends[1]) <= 1
    hall.verb(counter, "close")
