// What a button or a form with data-post asks the server to do: one deed at a time, kept until it is answered, and what
// is wrong is said where it was asked.

import { isSure } from "./dialogs.js"
import { post } from "./intent.js"
import { now } from "./live.js"
import { say } from "./notice.js"

const MINUTE = 60_000
const KINDS = ["numbers", "lists", "nulls", "moments"]
let sending = false

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-post]")
  if (button) press(button)
})

document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-post]")) return
  event.preventDefault()
  submit(event.target)
})

// Gives the answer, or nothing while another deed is under way. `kept` are key and time of a press before a reload.
export async function send(address, body, tell = say, ...kept) {
  if (sending) return null
  sending = true
  document.body.toggleAttribute("data-sending", true)
  try {
    const answer = await post(address, () => tell("Belum terkirim. Dicoba lagi terus."), body, ...kept)
    if (answer.status === 401 || ["client_too_old", "csrf_failed"].includes(answer.problem?.code)) location.reload()
    return answer
  } finally {
    sending = false
    document.body.removeAttribute("data-sending")
  }
}

async function press(button) {
  if (button.dataset.sure && !(await isSure(button))) return
  const answer = await send(button.dataset.post, JSON.parse(button.dataset.body ?? "{}"))
  if (answer?.ok) after(button.dataset)
  else if (answer) say(answer.problem.detail)
}

async function submit(form) {
  const { address, body } = bodyOf(form)
  const answer = await send(address, body, (sentence) => refuse(form, sentence))
  if (!answer) return
  if (!answer.ok) return refuse(form, answer.problem.detail)
  form.closest("dialog").close()
  after(form.dataset)
}

function after({ done, then }) {
  if (then) return location.assign(then)
  if (done) say(done)
  for (const fragment of document.querySelectorAll("live-fragment")) fragment.refresh()
}

// A notice would lie under the question; what was refused stands in it.
function refuse(form, sentence) {
  let place = form.querySelector(".refused")
  if (!place) {
    place = Object.assign(document.createElement("p"), { className: "band refused" })
    place.setAttribute("role", "alert")
    form.querySelector("menu").before(place)
  }
  place.textContent = sentence
}

// The body that a form says: data-numbers, -lists, -nulls and -moments (in so many minutes) name fields that are no text,
// and a field that the address names goes there.
function bodyOf(form) {
  const said = new FormData(form)
  const kinds = Object.fromEntries(KINDS.map((kind) => [kind, (form.dataset[kind] ?? "").split(" ")]))
  const body = Object.fromEntries(kinds.lists.filter(Boolean).map((name) => [name, said.getAll(name)]))
  let address = form.dataset.post
  for (const [name, value] of said) {
    if (address.includes(`{${name}}`)) address = address.replace(`{${name}}`, encodeURIComponent(value))
    else if (kinds.lists.includes(name)) continue
    else if (kinds.numbers.includes(name)) body[name] = Number(value)
    else if (!kinds.moments.includes(name)) body[name] = kinds.nulls.includes(name) && !value ? null : value
    else if (value) body[name] = new Date(now() + Number(value) * MINUTE).toISOString()
  }
  return { address, body }
}
