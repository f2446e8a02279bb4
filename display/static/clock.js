// The server's time, whatever the clock of this device says; written as people in the mall write it.

const MINUTE = 60_000

export class Clock {
  #server = Date.now()
  #since = performance.now()
  #zone = "Asia/Jakarta"
  label = ""

  set({ at, mall }) {
    this.#server = Date.parse(at)
    this.#since = performance.now()
    this.#zone = mall.timezone
    this.label = mall.timezone_label
  }

  now() {
    return this.#server + performance.now() - this.#since
  }

  time(moment = this.now()) {
    const parts = new Intl.DateTimeFormat("id-ID", {
      timeZone: this.#zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23",
    }).formatToParts(moment)
    const part = (type) => parts.find((piece) => piece.type === type).value
    return `${part("hour")}.${part("minute")}`
  }

  date() {
    return new Intl.DateTimeFormat("id-ID", {
      timeZone: this.#zone, weekday: "long", day: "numeric", month: "long", year: "numeric",
    }).format(this.now())
  }

  ago(iso) {
    const minutes = Math.floor((this.now() - Date.parse(iso)) / MINUTE)
    if (minutes < 1) return "baru saja"
    if (minutes < 60) return `${minutes} menit`
    return this.time(Date.parse(iso))
  }
}
