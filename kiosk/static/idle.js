// Nobody touches the screen any more: a visible question after 45 s, back to the start 15 s later.
const PATIENCE_S = 45
const WARNING_S = 15

class IdleGuard extends HTMLElement {
  #quiet = 0

  connectedCallback() {
    this.dialog = this.querySelector("dialog")
    this.dialog.querySelector("button").addEventListener("click", () => this.#wake())
    for (const name of ["pointerdown", "keydown", "wheel"]) addEventListener(name, this.#touched, true)
    this.timer = setInterval(() => this.#tick(), 1000)
  }

  disconnectedCallback() {
    for (const name of ["pointerdown", "keydown", "wheel"]) removeEventListener(name, this.#touched, true)
    clearInterval(this.timer)
  }

  #touched = () => {
    if (!this.dialog.open) this.#quiet = 0
  }

  #wake() {
    this.#quiet = 0
    this.dialog.close()
  }

  #tick() {
    const home = this.hasAttribute("home")
    const printing = document.querySelector('[data-print="printing"]')
    if (printing || (home && !this.hasAttribute("changed"))) {
      this.#quiet = 0
      return
    }
    this.#quiet += 1
    const left = PATIENCE_S + WARNING_S - this.#quiet
    if (left <= 0) {
      clearInterval(this.timer)
      this.querySelector("form").submit()
    } else if (left <= WARNING_S && !home) {
      this.dialog.querySelector(".idle-left").textContent = left
      if (!this.dialog.open) this.dialog.showModal()
    }
  }
}

customElements.define("idle-guard", IdleGuard)
