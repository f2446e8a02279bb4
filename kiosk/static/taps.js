// Fingers are not mice: they slip, press long, and tap twice.
const SLIP_PX = 48
const SETTLE_MS = 350
const GHOST_MS = 120

const shownAt = performance.now()
let start = null
let clicked = 0

const target = (node) => node instanceof Element && node.closest("a[href], button, label.choice")

// A second tap on the screen before must not press what has just appeared under the finger.
addEventListener(
  "click",
  (event) => {
    const guarded = event.target instanceof Element && event.target.closest("[data-guard]")
    const settle = guarded ? Number(guarded.dataset.guard) : SETTLE_MS
    if (event.isTrusted && performance.now() - shownAt < settle) {
      event.preventDefault()
      event.stopImmediatePropagation()
      return
    }
    clicked = performance.now()
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
    if (clicked < lifted && meant.element.isConnected && lifted - shownAt > SETTLE_MS) meant.element.click()
  }, GHOST_MS)
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
