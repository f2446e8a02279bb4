// Choosing a counter: one press opens it and goes there; one that somebody else holds is taken over after a question.

import { UNREAD } from "../shared/focus.js"
import { post } from "../shared/intent.js"
import { say } from "../shared/notice.js"

const question = document.querySelector("#take-over")
let opening = false
let twiceUntil = 0

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-open]")
  if (!button || opening) return
  opening = true
  twiceUntil = event.detail === 0 ? performance.now() + UNREAD : 0
  if (button.dataset.kind !== "held" || (await sure(button))) await open(button)
  opening = false
})

async function open(button) {
  button.toggleAttribute("data-busy", true)
  const body = button.dataset.kind === "held" ? { take_over: true } : {}
  const answer = await post(`/api/v1/counters/${button.dataset.open}/open`, () => say("Belum terkirim. Dicoba lagi terus."), body)
  if (answer.ok) return location.assign(`/desk/${button.dataset.open}`)
  if (answer.status === 401) return location.reload()
  say(answer.problem.detail)
  button.removeAttribute("data-busy")
  document.querySelector("live-fragment").refresh()
}

function sure({ dataset: { name, holder, since } }) {
  question.querySelector("h2").textContent = `Ambil alih ${name}?`
  question.querySelector(".held").textContent = since ? `${name} dipakai ${holder} sejak ${since}.` : `${name} dipakai ${holder}.`
  question.returnValue = "no"
  question.showModal()
  return new Promise((decided) => {
    question.addEventListener("close", () => decided(question.returnValue === "yes"), { once: true })
  })
}

// The second press of a key on a counter is not yet an answer to the question that it opened.
question.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && performance.now() < twiceUntil) event.preventDefault()
})
