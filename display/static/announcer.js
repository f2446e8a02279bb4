// Calls are announced one after another: none is swallowed, none talks over another, and none during an emergency.

import { keyOf } from "./memory.js"
import { sameTurn } from "./store.js"

const REMEMBERED = 60

export class Announcer {
  #voice
  #memory
  #changed
  #waiting = []
  #running = false
  current = null
  hushed = false

  // changed(call, seconds) is told when a call takes the stage, and changed(null) when all has been said.
  constructor(voice, memory, changed) {
    this.#voice = voice
    this.#memory = memory
    this.#changed = changed
  }

  add(call) {
    if (this.#memory.has(call) || this.waits(call)) return
    // A recall of a call that nobody has heard yet takes its place: the same person is called once.
    const earlier = this.#waiting.findIndex((other) => sameTurn(other, call))
    if (earlier >= 0) this.#waiting[earlier] = call
    else this.#waiting.push(call)
    this.#run()
  }

  waits(call) {
    return this.#waiting.some((other) => keyOf(other) === keyOf(call))
  }

  // Somebody took a call back before it was said.
  drop(fact) {
    this.#waiting = this.#waiting.filter((call) => !sameTurn(call, fact))
  }

  // Silence at once, also in the middle of a word; what was not said whole waits.
  hush() {
    if (this.hushed) return
    this.hushed = true
    this.#voice.stop()
  }

  // The hall may hear again: of all that waits, what still stands, each once and in order.
  speak(calls) {
    const standing = new Set(calls.map(keyOf))
    this.hushed = false
    this.#waiting = this.#waiting.filter((call) => standing.has(keyOf(call))).sort((a, b) => a.seq - b.seq)
    this.#run()
  }

  async #run() {
    if (this.#running || this.hushed) return
    this.#running = true
    while (this.#waiting.length > 0 && !this.hushed) await this.#announce(this.#waiting.shift())
    this.#running = false
    this.#changed(null)
  }

  async #announce(call) {
    this.current = call
    this.#memory.add(call)
    await this.#voice.prepare()
    if (this.hushed || !(await this.#say(call))) this.#holdBack(call)
    this.current = null
  }

  async #say(call) {
    const { how, seconds, end } = this.#voice.say(call.clips ?? [])
    document.body.dataset.speaking = call.seq
    this.#changed(call, seconds)
    const whole = await end
    delete document.body.dataset.speaking
    if (whole) note(how, call.seq)
    return whole
  }

  #holdBack(call) {
    this.#memory.forget(call)
    if (!this.#waiting.some((other) => sameTurn(other, call))) this.#waiting.unshift(call)
  }
}

// For tests and for whoever looks after the screens: <body data-spoken="39 41">, data-chimed, data-silent hold the
// seq of the calls that were said whole, only chimed, or only shown; data-speaking holds the one being said.
function note(how, seq) {
  const earlier = (document.body.dataset[how] ?? "").split(" ").filter(Boolean)
  document.body.dataset[how] = [...earlier, seq].slice(-REMEMBERED).join(" ")
}
