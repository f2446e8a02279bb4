// Choosing a counter: one press opens it and goes there.

import { post } from "./intent.js"
import { say } from "./notice.js"

let opening = false

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-open]")
  if (!button || opening) return
  opening = true
  button.toggleAttribute("data-busy", true)
  const answer = await post(`/api/v1/counters/${button.dataset.open}/open`, () => say("Belum terkirim. Dicoba lagi terus."))
  if (answer.ok) return location.assign(`/desk/${button.dataset.open}`)
  if (answer.status === 401) return location.assign("/")
  say(answer.problem.detail)
  button.removeAttribute("data-busy")
  opening = false
  document.querySelector("live-fragment").refresh()
})
