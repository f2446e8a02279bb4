// The clock of a board: by a count that no setting of the television's own clock disturbs.

import { Clock } from "/look/clock.js"

const MINUTE = 60_000

export class BoardClock extends Clock {
  label = ""

  constructor() {
    super("Asia/Jakarta", () => performance.now())
    this.set(new Date().toISOString())
  }

  // A board says when it was true, and in which time zone the mall is.
  show({ at, mall }) {
    this.set(at)
    this.zone = mall.timezone
    this.label = mall.timezone_label
  }

  date() {
    return new Intl.DateTimeFormat("id-ID", {
      timeZone: this.zone, weekday: "long", day: "numeric", month: "long", year: "numeric",
    }).format(this.now())
  }

  ago(iso) {
    const minutes = Math.floor((this.now() - Date.parse(iso)) / MINUTE)
    if (minutes < 1) return "baru saja"
    if (minutes < 60) return `${minutes} menit`
    return this.time(Date.parse(iso))
  }
}
