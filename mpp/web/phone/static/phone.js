// The phone asks from time to time where the ticket stands; what is old is never shown as a call.

import { Clock } from "/look/clock.js"
import { request, unreached } from "/look/request.js"

const PAUSE = 10_000
const NEAR_PAUSE = 4_000
const JITTER = 0.3
const STALE_AFTER = 35_000
const NEAR = 2

const { ask, part, timezone, called, stale } = document.body.dataset
const clock = new Clock(timezone)
const title = document.title
let lastTruth = Date.now()
let tag = null
let ahead = null
let next = null
let asking = false
let lastCall = null

clock.set(document.body.dataset.now)

async function look() {
  clearTimeout(next)
  if (asking) return
  asking = true
  try {
    await bring()
  } catch (error) {
    if (!unreached(error)) throw error
  }
  asking = false
  judge()
  const pause = ahead !== null && ahead <= NEAR ? NEAR_PAUSE : PAUSE
  next = setTimeout(look, pause * (1 + JITTER * (2 * Math.random() - 1)))
}

async function bring() {
  const answer = await get(ask, tag ? { "If-None-Match": tag } : {})
  if (answer.status === 404) return location.reload()
  if (answer.status !== 200 && answer.status !== 304) return
  if (answer.status === 200) {
    const ticket = await answer.json()
    await show(ticket)
    tag = answer.headers.get("ETag")
  }
  clock.follow(answer)
  lastTruth = Date.now()
  document.querySelector("#updated").textContent = clock.time(clock.at(lastTruth))
}

async function show(ticket) {
  const turn = ticket.turns.find((one) => one.id === ticket.present)
  ahead = turn.ahead
  const fresh = await get(part, {})
  if (!fresh.ok) throw new TypeError("no part")
  replace(await fresh.text())
  const state = document.querySelector(".ticket").dataset.state
  document.body.dataset.state = state
  document.body.dataset.may = ticket.may.join(" ")
  announce(state === "called" ? `${turn.id}:${turn.calls}` : "")
}

// What the visitor has unfolded stays so.
function replace(text) {
  const open = [...document.querySelectorAll("#state details[open]")].map((one) => one.id)
  document.querySelector("#state").innerHTML = text
  for (const id of open) document.getElementById(id)?.setAttribute("open", "")
}

function get(address, headers) {
  return request(address, { headers, cache: "no-store" })
}

// A call, and every later call of the same turn, is felt in the pocket and seen among the tabs.
function announce(call) {
  if (call && call !== lastCall && lastCall !== null) navigator.vibrate?.([400, 200, 400])
  lastCall = call
}

function judge() {
  const old = Date.now() - lastTruth > STALE_AFTER
  document.body.toggleAttribute("data-stale-now", old)
  document.querySelector("#freshness .stale").textContent = old ? stale.replace("{}", clock.time(clock.at(lastTruth))) : ""
}

function flash() {
  const mine = document.body.dataset.state === "called" && !document.body.hasAttribute("data-stale-now")
  document.title = mine && document.title === title ? called : title
}

setInterval(() => { judge(); flash() }, 1_000)
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return
  judge()
  look()
})
addEventListener("pageshow", (event) => { if (event.persisted) { judge(); look() } })
addEventListener("online", look)
look()
