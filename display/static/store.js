// What the board shows. It moves forward only: by a whole board, or by one piece of news that follows on it.

const CALLS = 12
const LEAVING = new Set([
  "turn_finished", "turn_missed", "turn_put_back", "turn_parked", "turn_transferred", "turn_cancelled", "turn_expired",
])

export class Store {
  seq = -1
  board = null

  load(board) {
    this.seq = board.seq
    this.board = { ...board, calls: newestFirst(board.calls) }
  }

  // "old": known already. "gap": something in between was lost, the whole board must be asked for. Else "taken".
  take(name, fact) {
    if (this.board === null || fact.prev > this.seq) return "gap"
    if (fact.seq <= this.seq) return "old"
    this.seq = fact.seq
    this.#apply(name, fact)
    return "taken"
  }

  #apply(name, fact) {
    if (name === "turn_called" || name === "turn_recalled") this.#call(fact)
    else if (name === "turn_started") this.#mark(fact, { state: "serving" })
    else if (LEAVING.has(name)) this.#leave(fact)
    else if (name === "counter_opened") this.#counter(fact.counter_id, { open: true })
    else if (name === "counter_closed") this.#counter(fact.counter_id, { open: false, label: null })
  }

  #call(fact) {
    const others = this.board.calls.filter((call) => !sameTurn(call, fact) && call.counter_id !== fact.counter_id)
    this.board.calls = newestFirst([fact, ...others])
    this.#counter(fact.counter_id, { open: true, label: fact.label })
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
