// A screen that nobody touches locks itself, and Ctrl+L locks it at once. While somebody is here, the server hears of
// it now and then: it counts for itself.

import { ask } from "./live.js"

const LOCKS_AFTER = 15 * 60_000
const TELL_EVERY = 60_000
const TOUCHED = "mpp-touched"
const TOUCHES = ["pointerdown", "pointermove", "keydown", "wheel"]

const button = document.querySelector("#lock")
let told = Date.now()
let locking = false
let pointer = null

// All tabs of this computer are one screen: a touch of one counts for all.
const last = () => Number(localStorage.getItem(TOUCHED) ?? 0)

function touch(event) {
  if (event.type === "pointermove" && !moved(event)) return
  if (Date.now() - last() > 1_000) localStorage.setItem(TOUCHED, String(Date.now()))
}

// What changes under a pointer that lies still is no touch.
function moved(event) {
  const place = `${event.screenX} ${event.screenY}`
  const before = pointer
  pointer = place
  return before !== null && before !== place
}

function lock() {
  if (locking) return
  locking = true
  button.click()
}

async function look() {
  const now = Date.now()
  if (now - last() >= LOCKS_AFTER) return lock()
  if (last() <= told || now - told < TELL_EVERY) return
  told = now
  const headers = { "X-CSRF-Token": document.body.dataset.csrf }
  const answer = await ask("/touch", { method: "POST", headers }).catch(() => null)
  if (answer?.status === 401 || answer?.status === 403) location.reload()
}

function byKey(event) {
  if (!event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || event.key.toLowerCase() !== "l") return
  event.preventDefault()
  lock()
}

localStorage.setItem(TOUCHED, String(Date.now()))
for (const event of TOUCHES) document.addEventListener(event, touch, { capture: true, passive: true })
document.addEventListener("keydown", byKey)
addEventListener("pageshow", () => { locking = false })
setInterval(look, 5_000)
