// The route before a number is taken: what was ticked and chosen survives a reload and a change of the route.

import { send } from "../shared/deeds.js"
import { say } from "../shared/notice.js"
import { take } from "./send.js"

const KEPT = "mpp-greeter-route"
const KIOSK = "mpp-greeter-kiosk"
const form = document.querySelector("#take")
const services = JSON.parse(form.dataset.services)

// Whoever goes back to this page begins with the next visitor, not with what the last one said.
addEventListener("pageshow", (event) => { if (event.persisted) location.reload() })
restore()
sum()
form.addEventListener("change", () => { keep(); sum() })
form.addEventListener("submit", async (event) => {
  event.preventDefault()
  const button = form.querySelector(".go button")
  button.disabled = true
  const answer = form.dataset.stops ? await add() : await taken()
  if (answer?.ok) return
  button.disabled = false
  if (answer) say(answer.problem.detail)
})

function taken() {
  const said = new FormData(form)
  const kiosk = Number(said.get("kiosk")) || null
  localStorage.setItem(KIOSK, said.get("kiosk"))
  const body = { services, priority: said.get("priority") || null, language: said.get("language") }
  return take(body, { needs: said.getAll("needs"), kiosk })
}

async function add() {
  const answer = await send(`/api/v1/staff/tickets/${form.dataset.stops}/stops`, { services })
  if (answer?.ok) {
    sessionStorage.removeItem(KEPT)
    location.assign(`/greeter/tickets/${form.dataset.stops}`)
  }
  return answer
}

// What was chosen about the visitor, beside the button: the choices themselves may have scrolled away.
function sum() {
  const place = form.querySelector("[data-sums]")
  if (!place) return
  const chosen = place.dataset.sums.split(" ").flatMap((name) => [...form.querySelectorAll(`input[name=${name}]:checked`)])
  place.textContent = chosen.filter((input) => input.value || input.name === "kiosk")
    .map((input) => input.parentElement.textContent.trim()).join(" · ")
}

function keep() {
  const said = [...new FormData(form)]
  const before = JSON.parse(sessionStorage.getItem(KEPT) ?? "[]")
  const elsewhere = before.filter(([name]) => !form.elements[name])
  sessionStorage.setItem(KEPT, JSON.stringify([...elsewhere, ...said]))
}

function restore() {
  const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "null")
  const usual = localStorage.getItem(KIOSK)
  const said = kept ?? (usual ? [["kiosk", usual]] : [])
  // What was tapped before this script was here counts more than what was kept.
  const tapped = new Set([...form.elements].filter((input) => input.checked !== input.defaultChecked).map((input) => input.name))
  for (const [name, value] of said) {
    if (tapped.has(name) && form.elements[name]?.[0]?.type === "radio") continue
    const input = form.querySelector(`input[name="${CSS.escape(name)}"][value="${CSS.escape(value)}"]`)
    if (input) input.checked = true
  }
  if (tapped.size) keep()
}
