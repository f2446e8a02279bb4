// The line by keys: its three lists, a row that is opened, and why somebody waits where they wait.

import { UNREAD } from "../shared/focus.js"
import { ask } from "../shared/live.js"
import { mood } from "./press.js"

const fragment = document.querySelector("live-fragment")
const panel = document.querySelector("#panel")
// Whether the row that is open was reached by keys: then it has the focus again afterwards.
let walked = false
let openedAt = -UNREAD
const listed = () => [...document.querySelectorAll(`#line [data-of="${fragment.dataset.list}"] .row`)]

export function showList(name) {
  fragment.dataset.list = name
  markTabs()
  document.querySelector(`#line [data-of="${name}"]`).scrollTop = 0
}

// Up and down go along the list that is shown, from anywhere on the desk.
export function walk(key) {
  const rows = listed()
  if (!rows.length) return
  const at = rows.indexOf(document.activeElement)
  const to = at < 0 ? 0 : Math.min(Math.max(0, at + (key === "ArrowDown" ? 1 : -1)), rows.length - 1)
  rows[to].focus()
  rows[to].scrollIntoView({ block: "nearest" })
}

export function openRow(row) {
  walked = document.activeElement === row
  const own = row.parentElement.querySelector("template")
  const content = (own ?? document.querySelector("#panel-waiting")).content.cloneNode(true)
  const { turn, label, service, queue } = row.dataset
  panel.querySelector(".fields").replaceChildren(content)
  panel.dataset.row = JSON.stringify({ id: turn, label, service, queue })
  for (const button of panel.querySelectorAll("[data-moods]")) button.hidden = !button.dataset.moods.split(" ").includes(mood())
  panel.returnValue = ""
  panel.showModal()
  openedAt = performance.now()
  if (!own) explain(row)
}

export const justOpened = () => performance.now() - openedAt < UNREAD

// The turn whose row is open, for the forms that are about it.
export const opened = () => JSON.parse(panel.dataset.row)

export function closePanel() {
  panel.close()
}

async function explain(row) {
  panel.querySelector("h2").append(row.querySelector(".label").cloneNode(true))
  panel.querySelector(".what").textContent = row.querySelector(".what").textContent
  const answer = await ask(`/api/v1/turns/${row.dataset.turn}/why`).catch(() => null)
  const said = answer && (await answer.json().catch(() => null))
  const place = panel.querySelector(".sentence")
  if (!place || opened().id !== row.dataset.turn) return
  place.textContent = answer?.ok ? said.sentence : said?.detail ?? "Urutan tidak dapat dimuat. Coba lagi."
  if (!answer?.ok) return
  panel.querySelector("ol").replaceChildren(...said.ahead.map((each) => item(each.sentence)))
  panel.querySelector(".visitor-says").textContent = `Untuk pengunjung: ${said.visitor}`
}

function item(sentence) {
  const row = document.createElement("li")
  row.textContent = sentence
  return row
}

function markTabs() {
  for (const tab of document.querySelectorAll("[data-list].tab")) tab.setAttribute("aria-pressed", String(tab.dataset.list === fragment.dataset.list))
}

// A row that has gone from the line has nothing more to say.
function dismiss() {
  if (panel.open && !document.querySelector(`#row-${opened().id}`)) closePanel()
}

document.addEventListener("fresh", () => { markTabs(); dismiss() })
panel.addEventListener("close", () => walked && document.querySelector(`#row-${opened().id}`)?.focus())
markTabs()
