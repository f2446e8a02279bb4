// A ticket in the greeter's hands: the questions know what is true now, and a paper on its way is watched.

import { follow } from "./send.js"
import { ask } from "../shared/live.js"

const WATCH_EVERY = 2_000
const WATCH_FOR = 120_000
const KIOSK = "mpp-greeter-kiosk"
const fragment = document.querySelector("#page live-fragment")
let watchedSince = Date.now()

// Before a question is shown, its answers are what the ticket has now.
document.addEventListener("click", (event) => {
  const asked = event.target.closest("[data-dialog]")?.dataset.dialog
  const marks = document.querySelector("#marks")
  if (asked === "needs" && marks) tick("#needs input[name=needs]", marks.dataset.needs.split(" "))
  if (asked === "priority" && marks) tick("#priority input[name=priority]", [marks.dataset.priority])
  if (asked === "why") explain(event.target.closest("[data-turn]").dataset.turn)
  if (asked === "print") tick("#print input[name=kiosk]", [localStorage.getItem(KIOSK)])
}, true)

document.querySelector("#print form").addEventListener("submit", (event) => {
  localStorage.setItem(KIOSK, new FormData(event.target).get("kiosk"))
  watchedSince = Date.now()
})

// What to say to the visitor, then what staff may want to know.
async function explain(turn) {
  const [visitor, staff, ahead] = ["visitor", "staff", "ahead"].map((name) => document.querySelector(`#why .${name}`))
  visitor.textContent = "Sebentar."
  staff.textContent = ""
  ahead.replaceChildren()
  const answer = await ask(`/api/v1/turns/${turn}/why`).catch(() => null)
  const said = await answer?.json().catch(() => null)
  visitor.textContent = said?.visitor ?? said?.detail ?? "Tidak tersambung. Coba lagi."
  staff.textContent = said?.sentence ?? ""
  ahead.replaceChildren(...(said?.ahead ?? []).map(({ sentence }) => Object.assign(document.createElement("li"), { textContent: sentence })))
}

function tick(inputs, values) {
  for (const input of document.querySelectorAll(inputs)) input.checked = values.includes(input.value)
}

setInterval(() => {
  const wanted = document.querySelector(".paper[data-state=wanted]")
  if (wanted && Date.now() - watchedSince < WATCH_FOR) fragment.refresh()
}, WATCH_EVERY)

const ticket = Number(document.querySelector("[data-id]").dataset.id)
if (await follow(ticket)) fragment.refresh()
