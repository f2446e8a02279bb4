// What is half done at this desk: ticks, half-written forms, an unanswered press. It outlives a reload and a
// crashed browser, belongs to one person at one counter, and is gone when somebody else sits down.

const PREFIX = "mpp-desk:"
const LONGEST = 12 * 3_600_000
const own = `${PREFIX}${document.body.dataset.person}:${document.body.dataset.counter}:`

// The value of before the reload, or null.
export function kept(name) {
  return read(own + name)?.value ?? null
}

// Keep a value under a name; null forgets it.
export function keep(name, value) {
  if (value === null) localStorage.removeItem(own + name)
  else localStorage.setItem(own + name, JSON.stringify({ at: Date.now(), value }))
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key))
  } catch {
    return null
  }
}

function forgetOthers() {
  const mine = `${PREFIX}${document.body.dataset.person}:`
  for (const key of Object.keys(localStorage)) {
    if (!key.startsWith(PREFIX)) continue
    if (!key.startsWith(mine) || !(Date.now() - read(key)?.at < LONGEST)) localStorage.removeItem(key)
  }
}

forgetOthers()
