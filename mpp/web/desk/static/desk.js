// The desk: every verb is one press, by button or by key; what is true afterwards the server says.

import "./checklist.js"
import { busy, cutOff, press, ready, resting, send } from "./press.js"
import { closePanel, justOpened, opened, openRow, showList, walk } from "./rows.js"
import { openSheet, reopen, sendAgain } from "./sheets.js"
import { toggleSound } from "./sound.js"
import { say } from "../shared/notice.js"

const title = document.title
const likely = () => document.querySelector("#verb-likely")
const opener = () => document.querySelector("dialog[open]")

// Whatever a button does, by finger or by key. Right after a deed only what changes nothing may be pressed.
function activate(button) {
  if (button.disabled || button.hidden) return
  if (resting() && !button.dataset.list && button.id !== "sound") return
  if (button.closest("#panel") && (button.dataset.verb || button.dataset.form)) return fromPanel(button)
  if (button.dataset.verb) press(button)
  else if (button.dataset.form) openSheet(button.dataset.form)
  else if (button.dataset.list) showList(button.dataset.list)
  else if (button.id === "sound") toggleSound()
  else if (button.classList.contains("row")) openRow(button)
  else if (button.href) button.click()
}

function fromPanel(button) {
  const turn = opened()
  closePanel()
  if (button.dataset.form) openSheet(button.dataset.form, turn)
  else press(button)
}

function byKey(event) {
  if (event.repeat) return holdsDown(event)
  if (event.ctrlKey || event.altKey || event.metaKey) return
  const dialog = opener()
  if (event.key === "Escape") return byEscape(event, dialog)
  if (dialog && dialog.id !== "panel") return
  const at = focus(event)
  if (at.closest("input:not([type=checkbox]), textarea, select")) return
  if (!dialog && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    event.preventDefault()
    return walk(event.key)
  }
  if (event.key === " " || event.key === "Enter") return byMainKey(event, at, dialog)
  const button = (dialog ?? document).querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]:not([hidden])`)
  if (!button || (!dialog && button.closest("dialog"))) return
  event.preventDefault()
  activate(button)
}

// A key that is held down presses a button once.
function holdsDown(event) {
  const pressed = event.key === "Enter" ? !event.target.closest("textarea") : event.key === " " && event.target.closest("button, summary")
  if (pressed) event.preventDefault()
}

// What has the focus. A form that was just closed keeps it until the next frame; a quick hand is there before.
function focus(event) {
  return event.target.closest("dialog:not([open])") ? document.body : event.target
}

// At once, as the browser's own way is a little late for a quick hand. What was written stays kept.
function byEscape(event, dialog) {
  if (!dialog) return document.activeElement.blur()
  event.preventDefault()
  if (!busy()) dialog.close()
}

// Space and Enter are the likely verb, unless they belong to what has the focus, or had it a moment ago.
function byMainKey(event, at, dialog) {
  if (at !== document.body || dialog) return
  event.preventDefault()
  if (likely()) activate(likely())
}

document.addEventListener("keydown", byKey)
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-verb], [data-form], [data-list].tab, #sound, .row")
  if (!button) return
  // After a mouse, the keys are the desk's again; who came by Tab stays where they are.
  if (event.detail > 0) button.blur()
  // The second press of a row is not yet an answer to what it opened.
  if (button.closest("#panel") && justOpened()) return
  activate(button)
})

// Which visitor, or how many wait: also where only the browser's tab is seen.
function entitle() {
  const { label } = document.querySelector("#visitor").dataset
  const { count } = document.querySelector("#line").dataset
  document.title = [label ?? (count > 0 ? `(${count})` : null), title].filter(Boolean).join(" · ")
}

// What does not fit stands closer together, as nothing scrolls on a desk but the line.
function settle() {
  const visitor = document.querySelector("#visitor")
  const parts = [visitor, ...visitor.querySelectorAll(".checklist")]
  const tooMuch = () => parts.some((part) => part.scrollHeight > part.clientHeight + 1)
  delete visitor.dataset.room
  for (const room of ["less", "little"]) if (tooMuch()) visitor.dataset.room = room
}

async function begin() {
  ready()
  const before = cutOff()
  if (!before) return reopen()
  const verb = before.address.split("/").at(-1)
  if (document.querySelector(`[data-does="${CSS.escape(verb)}"]`)) return sendAgain(verb, before)
  const answer = await send(verb, before.address, before.body, before.key, before.since)
  if (!answer.ok) say(answer.problem.detail)
}

document.addEventListener("fresh", () => { entitle(); settle() })
addEventListener("resize", settle)
document.fonts.ready.then(settle)
entitle()
settle()
begin()
