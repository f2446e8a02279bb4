// What the board shows. It moves forward only: by a whole board, or by one piece of news that follows on it.

const CALLS = 12
const LEAVING = new Set([
  "turn_finished", "turn_missed", "turn_put_back", "turn_parked", "turn_transferred", "turn_cancelled", "turn_expired",
])
const RAISED = new Set(["disturbance_raised", "emergency_raised"])
const LIFTED = new Set(["disturbance_lifted", "emergency_lifted"])
const CALLING = new Set(["turn_called", "turn_recalled", "turn_resumed"])
// Somebody is at a counter again, without a call that says all of it.
const NOT_ALL = new Set(["turn_resumed", "turn_undone"])

// A visitor who was put aside may be called again, or already be at the counter.
export function isCall(name, fact) {
  return CALLING.has(name) && fact.state === "called"
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
    return NOT_ALL.has(name) && !isCall(name, fact) ? "gap" : "taken"
  }

  #apply(name, fact) {
    if (isCall(name, fact)) this.#call(fact)
    else if (name === "turn_started") this.#mark(fact, { state: "serving" })
    else if (LEAVING.has(name)) this.#leave(fact)
    else if (name === "counter_opened") this.#counter(fact.counter_id, { open: true, pause: null })
    else if (name === "counter_closed") this.#counter(fact.counter_id, { open: false, pause: null, label: null })
    else if (name === "counter_paused") this.#counter(fact.counter_id, { open: false, pause: fact.pause, label: null })
    else if (RAISED.has(name)) this.#notices([fact.notice], fact.notice)
    else if (LIFTED.has(name)) this.#notices([], fact.notice)
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
