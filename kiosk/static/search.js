// Searching with letters on the screen; a real keyboard works as well.
import { fetchHtml } from "./fetch_html.js"

class ServiceSearch extends HTMLElement {
  #newest = null

  connectedCallback() {
    this.input = this.querySelector("input")
    this.found = this.querySelector(".found")
    this.addEventListener("click", (event) => this.#press(event.target.closest("[data-key]")?.dataset.key))
    this.input.addEventListener("input", () => this.#look())
    this.input.setSelectionRange(this.input.value.length, this.input.value.length)
  }

  #press(key) {
    if (key === undefined) return
    const { value } = this.input
    if (key === "clear") this.input.value = ""
    else if (key === "back") this.input.value = value.slice(0, -1)
    else if (value.length < this.input.maxLength) this.input.value = value + key
    this.input.focus({ preventScroll: true })
    this.#look()
  }

  async #look() {
    this.#newest?.abort()
    const asked = (this.#newest = new AbortController())
    const url = `${this.getAttribute("src")}?q=${encodeURIComponent(this.input.value)}`
    const { html } = await fetchHtml(url, asked.signal)
    if (html === null || asked.signal.aborted) return
    this.found.innerHTML = html
    this.found.closest(".scroll-inner")?.scrollTo(0, 0)
    const here = new URL(location.href)
    here.searchParams.set("q", this.input.value)
    history.replaceState(null, "", here)
  }
}

customElements.define("service-search", ServiceSearch)
