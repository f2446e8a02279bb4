// A list longer than the screen: a finger may drag it, a button says that there is more.
class ScrollBox extends HTMLElement {
  connectedCallback() {
    this.inner = document.createElement("div")
    this.inner.className = "scroll-inner"
    this.inner.append(...this.childNodes)
    this.more = document.createElement("button")
    this.more.type = "button"
    this.more.className = "scroll-more"
    this.more.hidden = true
    this.more.innerHTML = '<svg class="icon" aria-hidden="true"><use href="/look/icons.svg#chevron-down"/></svg>'
    this.more.append(this.getAttribute("more"))
    this.append(this.inner, this.more)
    this.querySelector("[data-here]")?.scrollIntoView({ block: "nearest" })
    this.more.addEventListener("click", () => this.inner.scrollBy({ top: this.inner.clientHeight * 0.75, behavior: "smooth" }))
    this.inner.addEventListener("scroll", () => this.#measure(), { passive: true })
    this.inner.addEventListener("load", () => this.#measure(), true)
    this.sizes = new ResizeObserver(() => this.#measure())
    this.sizes.observe(this.inner)
    this.changes = new MutationObserver(() => this.#measure())
    this.changes.observe(this.inner, { childList: true, subtree: true })
    this.#measure()
  }

  disconnectedCallback() {
    this.sizes.disconnect()
    this.changes.disconnect()
  }

  #measure() {
    const { scrollHeight, scrollTop, clientHeight } = this.inner
    this.more.hidden = scrollHeight - scrollTop - clientHeight < 24
  }
}

customElements.define("scroll-box", ScrollBox)
