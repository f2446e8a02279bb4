// A press: one deed at a time, the same intent until there is an answer, and then the truth from the server.

import { post, unanswered } from "../shared/intent.js"
import { waitAt } from "../shared/focus.js"
import { now } from "../shared/live.js"
import { hush, say } from "../shared/notice.js"
import { run } from "../shared/times.js"
import { meant } from "./meant.js"

// A second press meant for what was here a moment ago must not press what came in its place.
const REST = 700
const TICK = 250
const fragment = document.querySelector("live-fragment")
const counter = document.body.dataset.counter
let sending = null
let late = false

export const addressOf = (verb) => `/api/v1/counters/${counter}/${verb}`
export const mood = () => document.querySelector("#visitor").dataset.mood
export const busy = () => sending !== null
export const resting = () => fragment.dataset.state === "resting"

// Press a button of a verb, unless a deed is under way.
export function press(button) {
  if (busy() || button.disabled) return
  send(button.dataset.verb, addressOf(button.dataset.verb), JSON.parse(button.dataset.body ?? "{}")).then((answer) => {
    if (!answer.ok) say(answer.problem.detail)
  })
}

// Send a deed and show what is true after it; gives the answer. `kept` are key and time of a press before a reload.
export async function send(verb, address, body = {}, ...kept) {
  hush()
  const said = kept.length || !address.startsWith(addressOf("")) ? body : { ...meant(verb, body), ...body }
  sending = verb
  late = false
  fragment.dataset.state = "sending"
  mark()
  const answer = await post(address, () => { late = true; mark() }, said, ...kept)
  if (answer.status === 401 || ["client_too_old", "csrf_failed"].includes(answer.problem?.code)) location.reload()
  await fragment.refresh()
  sending = null
  late = false
  rest()
  mark()
  return answer
}

// The press that a reload or a crash cut off, if it was one of this desk.
export function cutOff() {
  const kept = unanswered()
  return kept && (kept.address.startsWith(addressOf("")) || document.querySelector(`[data-address="${CSS.escape(kept.address)}"]`)) ? kept : null
}

export function ready() {
  fragment.dataset.state = "ready"
}

function rest() {
  fragment.dataset.state = "resting"
  setTimeout(() => { if (!sending) ready() }, REST)
}

// The buttons as they are now: some wait until their moment comes, and all while a deed takes long. A quick one
// only keeps them from being pressed, as a page that flickers at every press is not calm.
export function mark() {
  for (const button of document.querySelectorAll("[data-verb], [data-form], [data-submit]")) {
    const wait = button.dataset.from ? Math.ceil((Date.parse(button.dataset.from) - now()) / 1_000) : 0
    const off = late || wait > 0 || button.hasAttribute("data-off")
    if (off && button === document.activeElement) waitAt(button.closest("section"))
    button.disabled = off
    if (button.dataset.from) write(button.querySelector(".when"), wait > 0 ? `dalam ${wait} dtk` : "")
    button.toggleAttribute("data-pressed", busy() && button.dataset.verb === sending)
    if (button.dataset.verb) markLate(button)
  }
  for (const unsent of document.querySelectorAll(".unsent")) unsent.hidden = !late
}

function markLate(button) {
  const words = button.querySelector(".words")
  words.dataset.said ??= words.textContent
  button.toggleAttribute("data-sending", late && button.dataset.verb === sending)
  write(words, button.hasAttribute("data-sending") ? "Belum terkirim" : words.dataset.said)
}

function write(place, text) {
  if (place.textContent !== text) place.textContent = text
}

setInterval(() => { run(); mark() }, TICK)
fragment.addEventListener("fresh", mark)
mark()
