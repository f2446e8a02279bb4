// The server's time, whatever the clock of this device says; written as people in the mall write it.

// The header Date has whole seconds; a smaller difference says nothing.
const UNSURE = 1_500

export class Clock {
  #ahead = 0
  #ticks
  #hall = null
  #zone

  // `zone` is the mall's; ticks() counts milliseconds on this device, also while it sleeps unless told otherwise.
  constructor(zone, ticks = () => Date.now()) {
    this.#zone = zone
    this.#ticks = ticks
  }

  // The server said its time when this device counted `tick`.
  set(at, tick = this.#ticks()) {
    this.#ahead = Date.parse(at) - tick
  }

  set zone(zone) {
    if (zone !== this.#zone) this.#hall = null
    this.#zone = zone
  }

  get zone() {
    return this.#zone
  }

  // An answer of the server says its time too.
  follow(answer) {
    const date = answer.headers.get("Date")
    if (Math.abs(Date.parse(date) - this.now()) > UNSURE) this.set(date)
  }

  // The server's time when this device counted `tick`, in milliseconds.
  at(tick) {
    return tick + this.#ahead
  }

  now() {
    return this.at(this.#ticks())
  }

  // 08.12
  time(moment = this.now()) {
    this.#hall ??= new Intl.DateTimeFormat("id-ID", { timeZone: this.#zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" })
    return this.#hall.format(moment).replace(":", ".")
  }
}
