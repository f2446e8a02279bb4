"""The pages as a person uses them: sign in, choose a counter, press, look."""

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.hall import PASSWORD, Hall


class Visit:
    """One browser of one person; remembers every console error and every other origin that was asked."""

    def __init__(self, browser: Browser, hall: Hall, width: int = 1366, height: int = 768, **options) -> None:
        self.hall = hall
        self.context: BrowserContext = browser.new_context(
            viewport={"width": width, "height": height}, **options
        )
        self.complaints: list[str] = []
        self.strangers: list[str] = []
        self.requests: list = []
        self.context.on("request", self._note)
        self.page = self.open_tab()

    def open_tab(self) -> Page:
        page = self.context.new_page()
        page.on("console", lambda said: said.type == "error" and self.complaints.append(said.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def go(self, path: str) -> Page:
        self.page.goto(self.hall.url + path)
        return self.page

    def sign_in(self, name: str, password: str = PASSWORD) -> Page:
        page = self.go("/")
        page.fill("#name", name)
        page.fill("#password", password)
        page.press("#password", "Enter")
        page.wait_for_url(lambda url: not url.endswith("/"))
        return page

    def close(self) -> None:
        self.context.close()

    def _note(self, request) -> None:
        self.requests.append(request)
        if not request.url.startswith((self.hall.url, "data:")):
            self.strangers.append(request.url)


class Desk(Visit):
    """An officer at a counter."""

    def sit_down(self, name: str, counter: str) -> Page:
        """Sign in and open a counter by its name."""
        page = self.sign_in(name)
        page.get_by_role("button", name=counter, exact=False).first.click()
        page.wait_for_url("**/desk/*")
        self.is_connected()
        return page

    def is_connected(self) -> None:
        expect(self.page.locator("#link")).to_have_attribute("data-state", "live")

    def is_ready(self) -> None:
        """The desk has sent what was pressed, and takes the next press."""
        expect(self.page.locator("live-fragment")).to_have_attribute("data-state", "ready")

    def shows(self, label: str) -> None:
        """The label of the visitor at the desk."""
        expect(self.page.locator("#visitor[data-turn] .label")).to_have_text(label)

    def feels(self, mood: str) -> None:
        """What the desk is about: ready, called, serving, paused, left, taken or closed."""
        expect(self.page.locator("#visitor")).to_have_attribute("data-mood", mood)

    def press(self, key: str) -> None:
        """A key of the desk, once the desk takes keys again."""
        self.is_ready()
        self.page.keyboard.press(key)

    def type(self, *words: str) -> None:
        """Keys by their names, and words letter by letter, into what is open now."""
        for word in words:
            if word[0].isupper() or len(word) == 1:
                self.page.keyboard.press(word)
            else:
                self.page.keyboard.type(word)
