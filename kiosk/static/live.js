// A part of the screen that keeps asking what is true; it never changes under a finger.
import { fetchHtml } from "./fetch_html.js"

let touching = false
addEventListener("pointerdown", () => (touching = true), true)
for (const name of ["pointerup", "pointercancel"]) addEventListener(name, () => (touching = false), true)

class LivePart extends HTMLElement {
  #shown = null
  #ended = false
  #missed = 0

  connectedCallback() {
    this.#later()
  }

  disconnectedCallback() {
    this.#ended = true
    clearTimeout(this.timer)
  }

  #later() {
    if (!this.#ended) this.timer = setTimeout(() => this.#look(), Number(this.getAttribute("every")) * 1000)
  }

  async #look() {
    const { answer, html } = await fetchHtml(this.getAttribute("src"), AbortSignal.timeout(5000))
    this.#missed = answer ? 0 : this.#missed + 1
    document.documentElement.toggleAttribute("data-lost", this.#missed > 1)
    if (answer?.headers.has("Kiosk-Look-Again")) return location.reload()
    if (html !== null && html !== this.#shown && !touching) {
      if (this.#shown !== null || html.trim() !== this.innerHTML.trim()) this.innerHTML = html
      this.#shown = html
    }
    this.#later()
  }
}

customElements.define("live-part", LivePart)
