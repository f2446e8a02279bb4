"""A lobby screen under test: notes every sound, every complaint of the browser and every request."""

import json

from playwright.sync_api import Locator, Page, expect

from tests.display.mall import KEY, Mall

# Notes of each clip and tone the seconds of its start and end, on the page's audio clock.
LISTEN = """
for (const kind of [AudioBufferSourceNode, OscillatorNode]) {
  const start = kind.prototype.start
  kind.prototype.start = function (at) {
    const seconds = this.buffer ? this.buffer.duration / this.playbackRate.value : 0
    const heard = JSON.parse(document.documentElement.dataset.heard ?? "[]")
    document.documentElement.dataset.heard = JSON.stringify([...heard, [at, at + seconds]])
    return start.call(this, at)
  }
}
// Counts the clips and tones that were cut off.
for (const kind of [AudioBufferSourceNode, OscillatorNode]) {
  const stop = kind.prototype.stop
  kind.prototype.stop = function (...at) {
    const { dataset } = document.documentElement
    if (at.length === 0) dataset.cut = 1 + Number(dataset.cut ?? 0)
    return stop.apply(this, at)
  }
}
"""


class Screen:
    """One page of a display, read through its attributes only: evaluating would count as a gesture."""

    def __init__(self, page: Page):
        self.page = page
        self.complaints: list[str] = []
        self.requests: list[str] = []
        page.on("console", lambda line: line.type == "error" and self.complaints.append(line.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("websocket", lambda socket: self.requests.append(socket.url))

    def open(self, mall: Mall) -> "Screen":
        self.page.goto(f"{mall.page}#key={KEY}")
        self.shows_state(mall)
        expect(self.root).to_have_attribute("data-link", "live")
        return self

    @property
    def root(self) -> Locator:
        return self.page.locator("html")

    @property
    def body(self) -> Locator:
        return self.page.locator("body")

    def shows_state(self, mall: Mall) -> None:
        expect(self.body).to_have_attribute("data-seq", str(mall.seq))

    def has_said(self, *calls: dict, how: str = "spoken") -> None:
        """Waits until exactly these calls, in this order, were said since the page was loaded."""
        seqs = " ".join(str(call["seq"]) for call in calls)
        expect(self.body).to_have_attribute(f"data-{how}", seqs, timeout=20_000)

    def is_silent(self) -> None:
        expect(self.body).not_to_have_attribute("data-speaking", "")

    def large(self) -> Locator:
        return self.page.locator("#call .label")

    def rows(self) -> Locator:
        return self.page.locator("#recent li .label")

    def heard(self) -> list[tuple[float, float]]:
        return [tuple(one) for one in json.loads(self.root.get_attribute("data-heard") or "[]")]
