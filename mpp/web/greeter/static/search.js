// One field for everything: services by the words that people use, a number by its label, a slip by its code.

import { ask } from "../shared/live.js"
import { say } from "../shared/notice.js"

const PAUSE = 150
const LABEL = /^[a-z]{1,4}\d{0,2}[\s.–-]*\d{1,6}$/i
const SECRET = /(?:\/t\/|^)[A-Za-z0-9_-]{22}(?:[/?#]|$)/

const form = document.querySelector("#seek")
const field = document.querySelector("#sought")
const found = document.querySelector("#found")
const page = document.querySelector("#page")
let waiting = null
let asked = 0

form.addEventListener("input", () => {
  clearTimeout(waiting)
  waiting = setTimeout(look, PAUSE)
})

form.addEventListener("submit", (event) => {
  event.preventDefault()
  clearTimeout(waiting)
  const text = field.value.trim()
  if (LABEL.test(text) || SECRET.test(text) || (text && !form.dataset.services)) find(text)
  else look()
})

// A scanner types wherever one is; what nobody asked for belongs here.
document.addEventListener("keydown", (event) => {
  if (event.key.length > 1 || event.ctrlKey || event.altKey || event.metaKey) return
  if (event.target.closest("input, textarea, select, dialog") || (event.key === " " && event.target.closest("button"))) return
  field.focus()
})

async function look() {
  const text = field.value.trim()
  const turn = (asked += 1)
  if (!text || SECRET.test(text)) return show(null)
  const parts = LABEL.test(text) ? [opener(text)] : []
  if (form.dataset.services && text.length > 1) parts.push(...(await services(text)))
  if (turn === asked) show(parts)
}

async function services(text) {
  const address = new URL(form.dataset.services, location)
  address.searchParams.set("cari", text)
  const answer = await ask(address).catch(() => null)
  if (!answer?.ok) return []
  const said = document.createElement("template")
  said.innerHTML = await answer.text()
  return [said.content]
}

async function find(text) {
  const answer = await ask(`/api/v1/tickets?q=${encodeURIComponent(text)}`).catch(() => null)
  if (!answer) return say("Tidak tersambung. Coba lagi.")
  const said = await answer.json()
  if (!answer.ok) return say(said.detail)
  if (said.tickets.length === 1) return open(said.tickets[0])
  if (said.tickets.length > 1) return show(said.tickets.map((ticket) => opener(ticket.label, ticket)))
  field.select()
  say(SECRET.test(text) ? "Struk ini tidak dikenal atau bukan dari hari ini." : `Tidak ada nomor ${text.toUpperCase()} hari ini.`)
}

function opener(text, ticket) {
  const button = Object.assign(document.createElement("button"), { className: "quiet opener", type: "button" })
  button.textContent = `Buka nomor ${text.toUpperCase()}`
  button.addEventListener("click", () => (ticket ? open(ticket) : find(text)))
  return button
}

function open(ticket) {
  location.assign(`/greeter/tickets/${ticket.id}`)
}

function show(parts) {
  found.replaceChildren(...(parts ?? []))
  found.hidden = !parts
  page.hidden = Boolean(parts)
}
