// The forms of the desk: opened by a key, filled by keys, kept while they are half written, sent once.

import { bodyOf } from "./desk_bodies.js"
import { keep, kept } from "./desk_kept.js"
import { places } from "./desk_places.js"
import "./desk_pick.js"
import { addressOf, busy, mark, mood, send } from "./desk_press.js"
import { say } from "./notice.js"

const OPEN = "open"
const BACK_AFTER = { istirahat: "60", salat: "15", rapat: "60", gangguan_sistem: "", lainnya: "15" }
const mine = () => !["closed", "left", "taken"].includes(mood())

// Open the form of a button: about the visitor at the desk, or about the turn that is given.
export function openSheet(name, turn = null) {
  const sheet = find(name)
  const about = turn ?? visitor()
  if (busy() || !sheet || (["visitor", "turn"].includes(sheet.dataset.about) && !about)) return
  sheet.dataset.turn = about?.id ?? ""
  sheet.dataset.row = turn ? JSON.stringify(turn) : ""
  const title = sheet.querySelector("h2")
  title.textContent = title.dataset.title.replace("{label}", about?.label ?? "")
  refuse(sheet, "")
  sheet.querySelector("form").reset()
  for (const list of sheet.querySelectorAll("pick-list")) list.value = []
  prepare(sheet, about)
  fill(sheet, kept(draft(sheet)))
  sheet.showModal()
  if (!sheet.querySelector(".fields [autofocus]")) sheet.querySelector("[data-submit]").focus()
  keep(OPEN, { name, turn, about: sheet.dataset.turn })
}

// After a reload: the form that was open, as it was, if its visitor is still the same.
export function reopen() {
  const was = kept(OPEN)
  if (was && stillFits(was)) openSheet(was.name, was.turn)
}

function stillFits({ name, turn, about }) {
  const kind = find(name)?.dataset.about
  if (!kind || kind === "anybody") return Boolean(kind)
  if (!mine()) return false
  if (turn) return document.querySelector(`#row-${turn.id}`) !== null
  return kind === "counter" || visitor()?.id === about
}

// Send a form that was cut off by a reload; a refusal brings it back.
export async function sendAgain(sheet, before) {
  const was = kept(OPEN)
  const answer = await send(sheet, before.address, before.body, before.key, before.since)
  if (answer.ok) return was && done(was.name, was.turn)
  if (was && find(was.name)) { openSheet(was.name, was.turn); refuse(find(was.name), answer.problem.detail) }
  else say(answer.problem.detail)
}

const find = (name) => document.querySelector(`[data-sheet="${CSS.escape(name)}"]`)
const draft = (sheet) => `draft:${sheet.dataset.sheet}:${sheet.dataset.turn}`

function visitor() {
  const { turn, label, service, queue, matters } = document.querySelector("#visitor").dataset
  return turn ? { id: turn, label, service, queue, matters, here: true } : null
}

function prepare(sheet, about) {
  if (sheet.dataset.sheet === "finish-long") {
    const codes = about.matters.split(" ")
    for (const box of sheet.querySelectorAll("[name=services]")) box.checked = codes.includes(box.value)
  }
  follow(sheet)
}

// What depends on a choice: services and counters of the chosen queue, and what a changed service means.
function follow(sheet) {
  const queue = places.queues.find((each) => each.code === value(sheet, "queue"))
  for (const list of sheet.querySelectorAll("select[data-filled]")) refill(list, queue)
  for (const part of sheet.querySelectorAll("[data-after]")) part.hidden = !value(sheet, part.dataset.after)
  const says = sheet.querySelector("[data-says=correct]")
  if (says) says.textContent = meaning(sheet)
}

function refill(list, queue) {
  const chosen = list.value
  const people = queue?.agency === places.agency ? places.people : []
  const options = list.name === "service"
    ? (queue?.services ?? []).map((each) => new Option(each.name, each.code))
    : [...(queue?.counters ?? []).map((each) => new Option(each.name, `counter:${each.id}`)), ...people.map((name) => new Option(`Petugas ${name}`, `person:${name}`))]
  list.replaceChildren(list.options[0], ...options)
  list.value = options.some((option) => option.value === chosen) ? chosen : ""
}

function meaning(sheet) {
  const service = places.services.find((each) => each.code === value(sheet, "service"))
  if (!service) return ""
  const about = sheet.dataset.row ? JSON.parse(sheet.dataset.row) : visitor()
  if (service.queue === about?.queue) return "Antrean tetap sama. Tempatnya tidak berubah."
  return `Pindah ke antrean ${service.queue_name}, menurut waktu kedatangan.`
}

const value = (sheet, name) => sheet.querySelector(`pick-list[name=${name}]`)?.value

function values(sheet) {
  const found = {}
  for (const field of sheet.querySelectorAll("[name]")) {
    const name = field.getAttribute("name")
    if (field.type === "radio") { if (field.checked) found[name] = field.value }
    else if (field.type === "checkbox") found[name] = [...(found[name] ?? []), ...(field.checked ? [field.value] : [])]
    else found[name] = field.value
  }
  return found
}

function fill(sheet, before) {
  if (!before) return
  for (const list of sheet.querySelectorAll("pick-list")) list.value = before[list.getAttribute("name")]
  follow(sheet)
  for (const field of sheet.querySelectorAll("input[name], select, textarea")) {
    if (field.type === "radio") field.checked = before[field.name] === field.value
    else if (field.type === "checkbox") field.checked = before[field.name].includes(field.value)
    else field.value = before[field.name] ?? ""
  }
}

async function submit(sheet) {
  const empty = [...sheet.querySelectorAll("pick-list:not([data-most])")].find((list) => !list.value)
  if (empty) return refuse(sheet, "Pilih tujuan atau layanannya dahulu.")
  if (busy()) return
  refuse(sheet, "")
  const { sheet: name, does, address, turn, row } = sheet.dataset
  const about = row ? Number(turn) : undefined
  const answer = await send(does, address || addressOf(does), bodyOf(name, values(sheet), about))
  if (!answer.ok) return refuse(sheet, answer.problem.detail)
  done(name, row ? JSON.parse(row) : null)
  sheet.close()
}

function done(name, turn) {
  const sheet = find(name)
  keep(`draft:${name}:${turn?.id ?? sheet?.dataset.turn ?? ""}`, null)
  keep(OPEN, null)
}

function refuse(sheet, sentence) {
  const place = sheet.querySelector(".refused")
  place.textContent = sentence
  place.hidden = !sentence
}

// Nothing is asked about a visitor who has gone, or at a counter that somebody else has taken.
function dismiss() {
  const sheet = document.querySelector("dialog[open][data-sheet]")
  if (!sheet || busy() || sheet.dataset.about === "anybody") return
  const gone = sheet.dataset.about !== "counter" && !sheet.dataset.row && visitor()?.id !== sheet.dataset.turn
  if (gone || !mine()) sheet.close()
}

function digit(event, sheet) {
  const choices = sheet.querySelector("[data-digits]")
  if (!choices || !/^[1-9]$/.test(event.key) || event.target.closest("textarea, select, input:not([type=radio], [type=checkbox])")) return
  const choice = choices.querySelectorAll("input")[Number(event.key) - 1]
  if (!choice) return
  event.preventDefault()
  choice.focus()
  choice.click()
}

for (const sheet of document.querySelectorAll("[data-sheet]")) {
  sheet.addEventListener("submit", (event) => { event.preventDefault(); submit(sheet) })
  sheet.addEventListener("close", () => { keep(OPEN, null); mark() })
  sheet.addEventListener("input", () => keep(draft(sheet), values(sheet)))
  sheet.addEventListener("change", (event) => {
    if (event.target.name === "reason" && sheet.dataset.sheet === "pause") sheet.querySelector(`[name=until][value="${BACK_AFTER[event.target.value]}"]`).checked = true
    if (event.target.name === "time") sheet.querySelector("[name=until][value=at]").checked = true
    follow(sheet)
    keep(draft(sheet), values(sheet))
  })
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
