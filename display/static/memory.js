// Which calls this screen has begun to announce lately, so that a reload does not say them again.

const KEPT = 10 * 60_000

export class Memory {
  #name
  #clock
  #said

  constructor(zone, clock) {
    this.#name = `mpp-said:${zone}`
    this.#clock = clock
    this.#said = new Map(read(this.#name))
  }

  has(call) {
    return this.#said.has(keyOf(call))
  }

  add(call) {
    const now = this.#clock.now()
    this.#said.set(keyOf(call), now)
    for (const [key, at] of this.#said) if (Math.abs(now - at) > KEPT) this.#said.delete(key)
    this.#keep()
  }

  // It was begun, and nobody heard the end of it.
  forget(call) {
    this.#said.delete(keyOf(call))
    this.#keep()
  }

  #keep() {
    try {
      localStorage.setItem(this.#name, JSON.stringify([...this.#said]))
    } catch (error) {
      // A screen without storage still announces; it may only repeat itself after a reload.
      if (!(error instanceof DOMException)) throw error
    }
  }
}

// A call and each recall of it are announced on their own.
export function keyOf(call) {
  return `${call.call}/${call.nth}/${call.label}`
}

function read(name) {
  try {
    return JSON.parse(localStorage.getItem(name)) ?? []
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof DOMException) return []
    throw error
  }
}
