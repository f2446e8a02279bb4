// Forms that lose nothing: a refusal leaves what was typed, passwords too.

import { request } from "/look/request.js"
import "../shared/dialogs.js"
import { say } from "../shared/notice.js"

const LOST = "Belum terkirim. Periksa jaringan, lalu tekan lagi."

document.addEventListener("submit", (event) => {
  const form = event.target
  if (form.dataset.sent) return event.preventDefault()
  form.dataset.sent = "yes"
  if (!("kept" in form.dataset)) return
  event.preventDefault()
  send(form).finally(() => { delete form.dataset.sent })
})

addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("[data-sent]")) delete form.dataset.sent
})

async function send(form) {
  const body = new URLSearchParams(new FormData(form))
  const options = { method: "POST", body, redirect: "manual" }
  const answer = await request(form.action, options).catch(() => null)
  if (!answer) return say(LOST)
  // Done, or signed out meanwhile: the next page says which.
  if (answer.type === "opaqueredirect") return location.assign(form.dataset.kept)
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("#admin")
  if (!fresh) return location.reload()
  show(fresh, answer.ok ? null : form)
}

function show(fresh, refused) {
  if (refused) {
    for (const field of refused.querySelectorAll("input[type=password]")) {
      fresh.querySelector(`#${field.id}`).value = field.value
    }
  }
  document.querySelector("#admin").replaceWith(document.adoptNode(fresh))
  fresh.querySelector("[aria-invalid]")?.focus()
  scrollTo(0, 0)
}
