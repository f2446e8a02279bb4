// What the board shows. It moves forward only: by a whole board, or by one piece of news that follows on it.

import { effects } from "./config.js"

const CALLS = 12
// What a counter is after it did this.
const COUNTER = {
  opens: () => ({ open: true, pause: null }),
  pauses: (fact) => ({ open: false, pause: fact.pause, label: null }),
  closes: () => ({ open: false, pause: null, label: null }),
}

// Whether a piece of news does this to the board; the server says so of each event.
export function does(effect, name) {
  return effects[name]?.includes(effect) ?? false
}

// A visitor who was put aside may be called again, or already be at the counter.
export function isCall(name, fact) {
  return does("calls", name) && fact.state === "called"
}

export class Store {
  seq = -1
  board = null

  load(board) {
    this.seq = board.seq
    this.board = { ...board, calls: newestFirst(board.calls) }
  }

  // What silences the zone, if anything does.
  get emergency() {
    return this.board?.notices.find((notice) => notice.kind === "emergency") ?? null
  }

  // "old": known already. "gap": something in between was lost, or this news does not say all: the whole board must
  // be asked for. Else "taken".
  take(name, fact) {
    if (this.board === null || fact.prev > this.seq) return "gap"
    if (fact.seq <= this.seq) return "old"
    this.seq = fact.seq
    this.#apply(name, fact)
    return does("asks", name) && !isCall(name, fact) ? "gap" : "taken"
  }

  #apply(name, fact) {
    if (isCall(name, fact)) this.#call(fact)
    else if (does("serves", name)) this.#mark(fact, { state: "serving" })
    else if (does("leaves", name)) this.#leave(fact)
    else if (does("raises", name)) this.#notices([fact.notice], fact.notice)
    else if (does("lifts", name)) this.#notices([], fact.notice)
    for (const [effect, change] of Object.entries(COUNTER)) {
      if (does(effect, name)) this.#counter(fact.counter_id, change(fact))
    }
  }

  #call(fact) {
    const others = this.board.calls.filter((call) => !sameTurn(call, fact) && call.counter_id !== fact.counter_id)
    this.board.calls = newestFirst([fact, ...others])
    this.#counter(fact.counter_id, { open: true, pause: null, label: fact.label })
  }

  #mark(fact, change) {
    this.board.calls = this.board.calls.map((call) => (sameTurn(call, fact) ? { ...call, ...change } : call))
  }

  #leave(fact) {
    for (const call of this.board.calls.filter((call) => sameTurn(call, fact))) {
      this.#counter(call.counter_id, { label: null })
    }
    this.board.calls = this.board.calls.filter((call) => !sameTurn(call, fact))
  }

  // One notice of a kind stands in a place.
  #notices(raised, notice) {
    const others = this.board.notices.filter(({ kind, agency }) => kind !== notice.kind || agency !== notice.agency)
    this.board.notices = [...others, ...raised]
  }

  #counter(id, change) {
    this.board.counters = this.board.counters.map((row) => (row.id === id ? { ...row, ...change } : row))
  }
}

// Two pieces of news speak of the same turn when they name the same call, or else the same label.
export function sameTurn(call, fact) {
  return call.label === fact.label || (fact.call !== undefined && call.call === fact.call)
}

function newestFirst(calls) {
  return [...calls].sort((a, b) => b.seq - a.seq).slice(0, CALLS)
}
