// What runs on every page of the greeter: one field for everything, questions before deeds, and sending them.

import { bodyOf, resume, send } from "./send.js"
import "./seek.js"
import { say } from "../shared/notice.js"

const sure = document.querySelector("#sure")

// What one visitor needed is nobody's default: a new errand begins empty.
if (location.pathname === "/greeter" && !new URLSearchParams(location.search).has("layanan")) {
  sessionStorage.removeItem("mpp-greeter-route")
}

document.addEventListener("click", (event) => {
  // The second press of two is for what was here a moment ago, not for what came in its place.
  if (event.detail > 1 && event.target.closest("button")) return event.preventDefault()
  const asked = event.target.closest("[data-dialog]")
  if (asked) return document.getElementById(asked.dataset.dialog).showModal()
  const closing = event.target.closest("[data-close]")
  if (closing) return closing.closest("dialog").close()
  const button = event.target.closest("button[data-post]")
  if (button) press(button)
})

document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-post]")) return
  event.preventDefault()
  submit(event.target)
})

async function press(button) {
  if (button.dataset.sure && !(await isSure(button))) return
  const answer = await send(button.dataset.post, JSON.parse(button.dataset.body ?? "{}"))
  if (answer?.ok) after(button.dataset)
  else if (answer) say(answer.problem.detail)
}

async function submit(form) {
  const { address, body } = bodyOf(form)
  const answer = await send(address, body)
  if (!answer) return
  if (!answer.ok) return tell(form, answer.problem.detail)
  tell(form, "")
  form.closest("dialog")?.close()
  form.reset()
  after(form.dataset)
}

function after({ done, then }) {
  if (then) return location.assign(then)
  if (done) say(done)
  for (const fragment of document.querySelectorAll("live-fragment")) fragment.refresh()
}

// A notice would lie under the question; what was refused stands in it.
function tell(form, sentence) {
  let place = form.querySelector(".told")
  if (!place) {
    place = Object.assign(document.createElement("p"), { className: "band told" })
    place.setAttribute("role", "alert")
    form.querySelector("menu").before(place)
  }
  place.textContent = sentence
  place.hidden = !sentence
}

function isSure(button) {
  const yes = sure.querySelector("[value=yes]")
  sure.querySelector("h2").textContent = button.dataset.sure
  sure.querySelector("p").textContent = button.dataset.because ?? ""
  yes.textContent = button.dataset.yes
  yes.classList.toggle("alarm", "risky" in button.dataset)
  sure.returnValue = "no"
  sure.showModal()
  return new Promise((decided) => {
    sure.addEventListener("close", () => decided(sure.returnValue === "yes"), { once: true })
  })
}

resume()
