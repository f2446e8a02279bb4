// Fingers are not mice: they slip, press long, and tap twice.
const SLIP_PX = 48
const GHOST_MS = 600
const GHOST_PX = 90
const ECHO_MS = 1500
const CLICK_MS = 120

let start = null
let clicked = 0

const target = (node) => node instanceof Element && node.closest("a[href], button, label.choice")

// The second of two quick taps must not press what has just appeared under the finger.
// Nor may the third and fourth of a hasty hand.
const last = JSON.parse(sessionStorage.getItem("tap") ?? "null")
const begun = Date.now()
const ghost = (x, y) => last !== null && Date.now() - last.at < GHOST_MS && Math.hypot(x - last.x, y - last.y) < GHOST_PX

addEventListener(
  "click",
  (event) => {
    if (event.isTrusted && ghost(event.clientX, event.clientY)) {
      event.preventDefault()
      event.stopImmediatePropagation()
      if (Date.now() - begun < ECHO_MS) last.at = Date.now()
      return
    }
    clicked = performance.now()
    if (!event.isTrusted || event.target.closest("[data-key]")) return
    sessionStorage.setItem("tap", JSON.stringify({ at: Date.now(), x: event.clientX, y: event.clientY }))
  },
  true,
)

// A finger that slips a little, or rests too long for a click, still meant what it touched first.
addEventListener("pointerdown", (event) => {
  const element = target(event.target)
  start = element && event.pointerType !== "mouse" ? { element, id: event.pointerId, x: event.clientX, y: event.clientY } : null
})
addEventListener("pointercancel", () => (start = null))
addEventListener("pointerup", (event) => {
  const meant = start
  start = null
  if (!meant || meant.id !== event.pointerId) return
  if (Math.hypot(event.clientX - meant.x, event.clientY - meant.y) > SLIP_PX) return
  const lifted = performance.now()
  setTimeout(() => {
    if (clicked < lifted && meant.element.isConnected && !ghost(meant.x, meant.y)) meant.element.click()
  }, CLICK_MS)
})

// A form goes once, and says that it has gone.
addEventListener("submit", (event) => {
  const form = event.target
  if (form.dataset.sent) return event.preventDefault()
  form.dataset.sent = "1"
  const button = event.submitter
  if (!button?.dataset.once) return
  button.setAttribute("aria-busy", "true")
  const words = button.querySelector("span")
  if (words) words.textContent = button.dataset.once
})

addEventListener("contextmenu", (event) => event.preventDefault())
addEventListener("dragstart", (event) => event.preventDefault())
addEventListener("pageshow", (event) => event.persisted && location.reload())
