// The desk: every verb is one press, by button or by key; what is true afterwards the server says.

import "./checklist.js"
import { post, unanswered } from "./intent.js"
import { hush, say } from "./notice.js"

// A second press meant for the button that was here a moment ago must not press the one that came in its place.
const REST = 700
const SURE = { miss: (label) => `${label} tidak hadir?` }

const counter = document.body.dataset.counter
const fragment = document.querySelector("live-fragment")
const dialog = document.querySelector("#sure")
let sending = null
let late = false

async function press(verb) {
  if (sending || fragment.dataset.state === "resting" && verb === likely()) return
  const button = find(verb)
  if (!button || button.disabled) return
  if (verb in SURE && !(await sure(verb))) return
  await send(verb, `/api/v1/counters/${counter}/${verb}`)
}

async function send(verb, address, ...kept) {
  hush()
  sending = verb
  late = false
  fragment.dataset.state = "sending"
  mark()
  const answer = await post(address, () => { late = true; mark() }, ...kept)
  if (answer.status === 401) return location.assign("/")
  if (answer.problem?.code === "client_too_old" || answer.problem?.code === "csrf_failed") return location.reload()
  if (!answer.ok) say(answer.problem.detail)
  await fragment.refresh()
  sending = null
  late = false
  rest()
  mark()
}

function rest() {
  fragment.dataset.state = "resting"
  setTimeout(() => { if (!sending) fragment.dataset.state = "ready" }, REST)
}

// The buttons while a press is under way: all wait, and the pressed one says so when it takes long.
function mark() {
  for (const button of document.querySelectorAll("[data-verb]")) {
    button.dataset.idle ??= String(button.disabled)
    button.disabled = sending !== null || button.dataset.idle === "true"
    button.toggleAttribute("data-sending", button.dataset.verb === sending && late)
    const words = button.querySelector(".words")
    words.dataset.said ??= words.textContent
    words.textContent = button.hasAttribute("data-sending") ? "Belum terkirim" : words.dataset.said
  }
  const unsent = document.querySelector(".unsent")
  if (unsent) unsent.hidden = !late
}

function sure(verb) {
  const label = document.querySelector("#visitor .label").textContent
  dialog.querySelector("h2").textContent = SURE[verb](label)
  dialog.returnValue = "no"
  dialog.showModal()
  return new Promise((decided) => {
    dialog.addEventListener("close", () => decided(dialog.returnValue === "yes"), { once: true })
  })
}

function find(verb) {
  return document.querySelector(`[data-verb="${verb}"]`)
}

function likely() {
  return document.querySelector("#verb-likely")?.dataset.verb
}

function byKey(event) {
  if (event.repeat || event.ctrlKey || event.altKey || event.metaKey || dialog.open) return
  const typing = event.target.closest("input, textarea, select, a, summary")
  const onButton = event.target.closest("button")
  if (event.key === " " || event.key === "Enter") {
    if (typing || onButton) return
    event.preventDefault()
    if (likely()) press(likely())
    return
  }
  if (event.target.closest("input:not([type=checkbox]), textarea, select")) return
  const button = document.querySelector(`[data-verb][data-key="${CSS.escape(event.key.toLowerCase())}"]`)
  if (button) {
    event.preventDefault()
    press(button.dataset.verb)
  }
}

document.addEventListener("keydown", byKey)
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-verb]")
  if (!button) return
  // After a mouse, the keys are the desk's again; who came by Tab stays where they are.
  if (event.detail > 0) button.blur()
  press(button.dataset.verb)
})
fragment.addEventListener("fresh", mark)

fragment.dataset.state = "ready"
const kept = unanswered()
if (kept?.address.startsWith(`/api/v1/counters/${counter}/`)) {
  send(kept.address.split("/").at(-1), kept.address, kept.key, kept.since)
}
