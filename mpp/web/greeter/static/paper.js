// Entering what was called from paper: every keystroke is kept here until the server has recorded all of it.

import { send } from "../shared/deeds.js"
import { say } from "../shared/notice.js"

const KEPT = "mpp-greeter-paper"
const form = document.querySelector("#paper")
const lines = document.querySelector("#lines")
const told = document.querySelector("#told")
const record = document.querySelector("#record")

for (const entry of JSON.parse(localStorage.getItem(KEPT) ?? "[]")) add(entry)
if (!lines.children.length) add()
count()

document.querySelector("#more").addEventListener("click", () => add().querySelector("input").focus())
form.addEventListener("input", (event) => { forgive(event.target.closest("li")); keep() })
form.addEventListener("click", (event) => {
  const result = event.target.closest("[data-result]")
  const removed = event.target.closest("[data-remove]")
  if (result) choose(result.closest("li"), result.dataset.result)
  if (removed) removed.closest("li").remove()
  if (removed && !lines.children.length) add()
  if (result || removed) keep()
})
// Enter ends a line, as a scanner and a practised hand do.
form.addEventListener("keydown", (event) => {
  const line = event.target.closest("li")
  if (event.key !== "Enter" || !line || event.target.matches("button")) return
  event.preventDefault()
  const next = line.nextElementSibling ?? add()
  next.querySelector("input").focus()
})
form.addEventListener("submit", async (event) => {
  event.preventDefault()
  const filled = [...lines.children].filter((line) => entryOf(line).label)
  if (!filled.length) return
  const answer = await send("/api/v1/paper", { entries: filled.map(asked) })
  if (!answer) return
  if (answer.ok) return recorded(answer.body.recorded)
  refuse(filled, answer.problem)
})

function add(entry = null) {
  const last = lines.lastElementChild
  const line = document.querySelector("#line").content.firstElementChild.cloneNode(true)
  lines.append(line)
  line.querySelector("[name=label]").value = entry?.label ?? ""
  // The next line of a paper is most often of the same counter.
  line.querySelector("[name=counter]").value = entry?.counter ?? (last ? entryOf(last).counter : "")
  choose(line, entry?.result ?? "served")
  count()
  return line
}

function choose(line, result) {
  line.dataset.result = result
  for (const button of line.querySelectorAll("[data-result]")) {
    button.setAttribute("aria-pressed", String(button.dataset.result === result))
  }
  forgive(line)
}

function entryOf(line) {
  const [label, counter] = ["label", "counter"].map((name) => line.querySelector(`[name=${name}]`).value.trim())
  return { label, counter, result: line.dataset.result }
}

function asked(line) {
  const entry = entryOf(line)
  return { ...entry, counter: Number(entry.counter) || "?" }
}

function recorded(number) {
  localStorage.removeItem(KEPT)
  lines.replaceChildren()
  told.hidden = true
  add()
  say(`${number} baris tercatat.`)
}

function refuse(filled, problem) {
  for (const line of lines.children) forgive(line)
  told.hidden = false
  told.querySelector("span").textContent = problem.detail
  for (const { line, detail } of problem.lines ?? []) {
    const place = filled[line - 1].querySelector(".wrong")
    place.textContent = entryOf(filled[line - 1]).counter ? detail : "Pilih loket."
    place.hidden = false
    filled[line - 1].toggleAttribute("data-wrong", true)
  }
  lines.querySelector("[data-wrong] input")?.focus()
}

function forgive(line) {
  if (!line) return
  line.removeAttribute("data-wrong")
  line.querySelector(".wrong").hidden = true
}

function keep() {
  const entries = [...lines.children].map(entryOf).filter((entry) => entry.label)
  localStorage.setItem(KEPT, JSON.stringify(entries))
  count()
}

function count() {
  const filled = [...lines.children].filter((line) => entryOf(line).label).length
  for (const [nth, line] of [...lines.children].entries()) line.querySelector(".nth").textContent = nth + 1
  record.disabled = !filled
  record.querySelector(".words").textContent = filled ? `Catat ${filled} baris` : "Catat"
}
