// A part of a page that stays true: when news arrives, and every ten seconds anyway, it asks for itself again.
// Children with an id are replaced one by one, and only where they differ, so that focus and scroll stay.

import { waitAt } from "./focus.js"
import { ask, onNews, trueNow } from "./live.js"

const POLL_EVERY = 10_000
const GATHER = 60
const LONGEST_PRESS = 2_000

// What is pressed is what was shown at the press: nothing is replaced between a button's down and its click.
let pressed = null
let release = null
addEventListener("pointerdown", () => {
  pressed = new Promise((go) => { release = go })
  setTimeout(release, LONGEST_PRESS)
}, true)
for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => setTimeout(release), true)

class LiveFragment extends HTMLElement {
  #asking = null
  #stale = false
  #gathering = null
  #shown = new Map()
  #off = () => {}
  #poll = null

  connectedCallback() {
    const names = this.getAttribute("on").split(" ")
    for (const part of this.#parts(this)) this.#shown.set(part.id, part.outerHTML)
    this.#off = onNews(names, () => this.soon())
    this.#poll = setInterval(() => this.refresh(), POLL_EVERY)
    document.addEventListener("visibilitychange", this.#seen)
  }

  disconnectedCallback() {
    this.#off()
    clearInterval(this.#poll)
    document.removeEventListener("visibilitychange", this.#seen)
  }

  // Facts often come in pairs; one question answers both.
  soon() {
    this.#gathering ??= setTimeout(() => {
      this.#gathering = null
      this.refresh()
    }, Number(this.getAttribute("gather") ?? GATHER))
  }

  // Resolves once the page shows what was true after this was called.
  refresh() {
    this.#stale = true
    this.#asking ??= this.#ask()
    return this.#asking
  }

  async #ask() {
    try {
      while (this.#stale) {
        this.#stale = false
        await this.#fetch()
      }
    } finally {
      this.#asking = null
    }
  }

  #seen = () => { if (!document.hidden) this.refresh() }

  async #fetch() {
    const answer = await ask(this.getAttribute("src")).catch(() => null)
    // Signed out, or no longer ours: the page itself knows where to go.
    if (answer && [401, 403, 404].includes(answer.status)) return location.reload()
    const text = answer?.ok ? await answer.text().catch(() => null) : null
    if (text === null) return
    await pressed
    this.#show(text)
    trueNow()
  }

  #show(text) {
    const fresh = document.createElement("template")
    fresh.innerHTML = text
    for (const part of this.#parts(fresh.content)) {
      const words = part.outerHTML
      if (this.#shown.get(part.id) === words) continue
      this.#shown.set(part.id, words)
      this.#replace(part)
    }
    this.dispatchEvent(new Event("fresh", { bubbles: true }))
  }

  #replace(part) {
    const old = this.querySelector(`#${part.id}`)
    const held = old.contains(document.activeElement) ? document.activeElement : null
    const list = held ? [...old.querySelectorAll("button[id], a[id], input[id]")] : []
    const scrolled = old.querySelector("[data-keep-scroll]")?.scrollTop ?? 0
    old.replaceWith(part)
    const scroller = part.querySelector("[data-keep-scroll]")
    if (scroller) scroller.scrollTop = scrolled
    if (held) this.#focus(part, held, list)
  }

  // What had the focus has it again; if it is gone, the next of its list that is still there.
  #focus(part, held, list) {
    const at = list.indexOf(held)
    const alike = at < 0 ? [] : [...list.slice(at), ...list.slice(0, at).reverse()].filter((each) => each.className === held.className)
    const found = alike.map((each) => document.getElementById(each.id)).find((each) => each && !each.disabled)
    found?.focus()
    if (!found || document.activeElement !== found) waitAt(part)
  }

  #parts(root) {
    return [...root.children].filter((child) => child.id)
  }
}

customElements.define("live-fragment", LiveFragment)
