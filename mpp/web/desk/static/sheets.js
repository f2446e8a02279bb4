// The forms of the desk: opened by a key, filled by keys, kept while they are half written, sent once.

import { bodyOf } from "./bodies.js"
import { clear, fill, follow, values } from "./fields.js"
import { keep, kept } from "./drafts.js"
import "./pick_list.js"
import { addressOf, busy, mark, mood, send } from "./press.js"
import { say } from "../shared/notice.js"

const OPEN = "open"
const BACK_AFTER = { istirahat: "60", salat: "15", rapat: "60", gangguan_sistem: "", lainnya: "15" }
const mine = () => !["closed", "left", "taken"].includes(mood())
const find = (name) => document.querySelector(`[data-sheet="${CSS.escape(name)}"]`)
const draft = (name, about) => `draft:${name}:${about}`
// Whom an open form is about, by sheet: the visitor at the desk, or a turn of the line.
const abouts = new Map()

// Open the form of a button: about the visitor at the desk, or about the turn that is given.
export function openSheet(name, turn = null) {
  const sheet = find(name)
  const about = turn ?? visitor()
  if (busy() || !sheet || (["visitor", "turn"].includes(sheet.dataset.about) && !about)) return
  abouts.set(sheet, { turn, about })
  const title = sheet.querySelector("h2")
  title.textContent = title.dataset.title.replace("{label}", about?.label ?? "")
  refuse(sheet, "")
  clear(sheet, about)
  fill(sheet, kept(draft(name, about?.id)), about)
  sheet.showModal()
  if (!sheet.querySelector(".fields [autofocus]")) sheet.querySelector("[data-submit]").focus()
  keep(OPEN, { name, turn, about: about?.id })
}

// After a reload: the form that was open, as it was, if its visitor is still the same.
export function reopen() {
  const was = kept(OPEN)
  if (was && stillFits(was)) openSheet(was.name, was.turn)
}

// Send a press that a reload cut off; a refusal brings its form back.
export async function sendAgain(verb, before) {
  const was = kept(OPEN)
  const answer = await send(verb, before.address, before.body, before.key, before.since)
  if (answer.ok) return was && done(was.name, was.about)
  if (was && stillFits(was)) {
    openSheet(was.name, was.turn)
    refuse(find(was.name), answer.problem.detail)
  } else say(answer.problem.detail)
}

function stillFits({ name, turn, about }) {
  const kind = find(name)?.dataset.about
  if (!kind || kind === "anybody") return Boolean(kind)
  if (!mine()) return false
  if (turn) return document.querySelector(`#row-${turn.id}`) !== null
  return kind === "counter" || visitor()?.id === about
}

function visitor() {
  const { turn, label, service, queue, matters } = document.querySelector("#visitor").dataset
  return turn ? { id: turn, label, service, queue, matters } : null
}

async function submit(sheet) {
  if ([...sheet.querySelectorAll("pick-list:not([data-most])")].some((list) => !list.value)) {
    return refuse(sheet, "Pilih tujuan atau layanannya dahulu.")
  }
  const { until, time } = values(sheet)
  if (until === "at" && !time) return refuse(sheet, "Isi jamnya dahulu.")
  if (busy()) return
  refuse(sheet, "")
  const { sheet: name, does, address } = sheet.dataset
  const { turn, about } = abouts.get(sheet)
  const answer = await send(does, address || addressOf(does), bodyOf(name, values(sheet), turn ? Number(turn.id) : undefined))
  if (!answer.ok) return refuse(sheet, answer.problem.detail)
  done(name, about?.id)
  sheet.close()
}

function done(name, about) {
  keep(draft(name, about), null)
  keep(OPEN, null)
}

function refuse(sheet, sentence) {
  const place = sheet.querySelector(".refused")
  place.textContent = sentence
  place.hidden = !sentence
}

// Nothing is asked about a visitor who has gone, at a counter that somebody else has taken, or that already is so.
function dismiss() {
  const sheet = document.querySelector("dialog[open][data-sheet]")
  if (!sheet || busy() || sheet.dataset.about === "anybody") return
  const { turn, about } = abouts.get(sheet)
  const gone = sheet.dataset.about !== "counter" && !turn && visitor()?.id !== about.id
  const already = document.querySelector(`[data-form="${sheet.dataset.sheet}"]`)?.hasAttribute("data-off")
  if (gone || already || !mine()) sheet.close()
}

// 1 to 9 choose among the reasons, unless somebody is writing.
function digit(event, sheet) {
  const choices = sheet.querySelector("[data-digits]")
  const writing = event.target.closest("textarea, select, input:not([type=radio], [type=checkbox])")
  const choice = /^[1-9]$/.test(event.key) && !writing && choices?.querySelectorAll("input")[Number(event.key) - 1]
  if (!choice) return
  event.preventDefault()
  choice.focus()
  choice.click()
}

function changed({ target }, sheet) {
  if (sheet.dataset.sheet === "pause" && target.name === "reason") sheet.querySelector(`[name=until][value="${BACK_AFTER[target.value] ?? ""}"]`).checked = true
  if (target.name === "time") sheet.querySelector("[name=until][value=at]").checked = true
  follow(sheet, abouts.get(sheet)?.about)
  keepDraft(sheet)
}

function keepDraft(sheet) {
  keep(draft(sheet.dataset.sheet, abouts.get(sheet)?.about?.id), values(sheet))
}

for (const sheet of document.querySelectorAll("[data-sheet]")) {
  sheet.addEventListener("submit", (event) => { event.preventDefault(); submit(sheet) })
  sheet.addEventListener("close", () => { keep(OPEN, null); mark() })
  sheet.addEventListener("input", () => keepDraft(sheet))
  sheet.addEventListener("change", (event) => changed(event, sheet))
  sheet.addEventListener("keydown", (event) => {
    digit(event, sheet)
    if (event.key === "Enter" && event.ctrlKey) sheet.querySelector("form").requestSubmit()
  })
}
document.addEventListener("click", (event) => {
  const dialog = event.target.closest("[data-cancel]")?.closest("dialog")
  if (dialog && !busy()) dialog.close()
})
document.addEventListener("cancel", (event) => { if (busy()) event.preventDefault() }, true)
document.addEventListener("fresh", dismiss)
