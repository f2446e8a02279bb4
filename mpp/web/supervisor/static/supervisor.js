// The hall: many things happen in a second, the eye needs one picture. And what a supervisor tells the hall.

import { post } from "../shared/intent.js"
import { now } from "../shared/live.js"
import { say } from "../shared/notice.js"

const MINUTE = 60_000
const hall = document.querySelector("live-fragment")
let sending = false

hall.setAttribute("gather", "700")

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-ask], [data-lift], [data-cancel]")
  if (button?.dataset.ask) ask(document.querySelector(`#ask-${button.dataset.ask}`))
  else if (button?.dataset.lift) lift(button)
  else if (button) button.closest("dialog").close()
})

for (const form of document.querySelectorAll("[data-raise]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault()
    const said = new FormData(form)
    send(form, form.dataset.raise.replace("*", said.get("place")), body(said))
  })
}

const lifting = document.querySelector("#ask-lift form")
lifting.addEventListener("submit", (event) => {
  event.preventDefault()
  send(lifting, lifting.dataset.address, {})
})

function ask(dialog) {
  dialog.querySelector("form").reset()
  dialog.querySelector(".unsent").hidden = true
  dialog.showModal()
}

// The end of an emergency is asked for once more: the hall speaks again at once.
function lift({ dataset }) {
  if (dataset.kind !== "emergency") return send(null, dataset.lift, {})
  lifting.dataset.address = dataset.lift
  document.querySelector("#ask-lift-title span").textContent = `Akhiri darurat di ${dataset.place}?`
  ask(lifting.closest("dialog"))
}

function body(said) {
  const given = {}
  if (said.get("reason")) given.reason = said.get("reason")
  const minutes = Number(said.get("minutes"))
  if (minutes) given.until = new Date(now() + minutes * MINUTE).toISOString()
  return given
}

async function send(form, address, given) {
  if (sending) return
  sending = true
  const tell = (sentence) => (form ? complain(form, sentence) : say(sentence))
  form?.toggleAttribute("data-sending", true)
  const answer = await post(address, () => tell("Belum terkirim. Dicoba lagi terus."), given)
  sending = false
  form?.removeAttribute("data-sending")
  if (answer.status === 401) return location.reload()
  if (answer.ok) form?.closest("dialog").close()
  else tell(answer.problem.detail)
  hall.refresh()
}

function complain(form, sentence) {
  const place = form.querySelector(".unsent")
  place.textContent = sentence
  place.hidden = false
}
