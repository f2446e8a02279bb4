// The mall's time: the server said it once, this screen only lets it run on.
class WallClock extends HTMLElement {
  #begun = performance.now()

  connectedCallback() {
    this.#show()
    this.timer = setInterval(() => this.#show(), 1000)
  }

  disconnectedCallback() {
    clearInterval(this.timer)
  }

  #show() {
    const then = Number(this.getAttribute("minutes")) * 60 + Number(this.getAttribute("seconds"))
    const minutes = Math.floor((then + (performance.now() - this.#begun) / 1000) / 60) % 1440
    const two = (number) => String(number).padStart(2, "0")
    this.textContent = `${two(Math.floor(minutes / 60))}.${two(minutes % 60)}`
  }
}

customElements.define("wall-clock", WallClock)
