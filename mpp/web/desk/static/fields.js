// The fields of a form: read, filled again, and those that follow from another's choice.

import { destinations } from "./destinations.js"

// Every named field's value; ticks and chosen lists as lists of codes.
export function values(sheet) {
  const found = {}
  for (const field of sheet.querySelectorAll("[name]")) {
    const name = field.getAttribute("name")
    if (field.type === "radio") { if (field.checked) found[name] = field.value }
    else if (field.type === "checkbox") found[name] = [...(found[name] ?? []), ...(field.checked ? [field.value] : [])]
    else found[name] = field.value
  }
  return found
}

// Empty, with what this visitor brings: the matters they came for.
export function clear(sheet, about) {
  sheet.querySelector("form").reset()
  for (const list of sheet.querySelectorAll("pick-list")) list.value = []
  if (about?.matters) {
    for (const box of sheet.querySelectorAll("[name=services]")) box.checked = about.matters.split(" ").includes(box.value)
  }
  follow(sheet, about)
}

// As it was half written.
export function fill(sheet, before, about) {
  if (!before) return
  for (const list of sheet.querySelectorAll("pick-list")) list.value = before[list.getAttribute("name")]
  follow(sheet, about)
  for (const field of sheet.querySelectorAll("input[name], select, textarea")) {
    if (field.type === "radio") field.checked = before[field.name] === field.value
    else if (field.type === "checkbox") field.checked = before[field.name].includes(field.value)
    else field.value = before[field.name] ?? ""
  }
}

// What depends on a choice: services and counters of the chosen queue, and what a changed service means.
export function follow(sheet, about) {
  const queue = destinations.queues.find((each) => each.code === value(sheet, "queue"))
  for (const list of sheet.querySelectorAll("select[data-filled]")) refill(list, queue)
  for (const part of sheet.querySelectorAll("[data-after]")) part.hidden = !value(sheet, part.dataset.after)
  const says = sheet.querySelector("[data-says=correct]")
  if (says) says.textContent = meaning(value(sheet, "service"), about)
}

function refill(list, queue) {
  const chosen = list.value
  const options = list.name === "service" ? services(queue) : [...counters(queue), ...people(queue)]
  list.replaceChildren(list.options[0], ...options)
  list.value = options.some((option) => option.value === chosen) ? chosen : ""
}

const services = (queue) => (queue?.services ?? []).map((each) => new Option(each.name, each.code))
const counters = (queue) => (queue?.counters ?? []).map((each) => new Option(each.name, `counter:${each.id}`))
const people = (queue) => (queue?.agency === destinations.agency ? destinations.people : []).map((name) => new Option(`Petugas ${name}`, `person:${name}`))
const value = (sheet, name) => sheet.querySelector(`pick-list[name=${name}]`)?.value

function meaning(code, about) {
  const service = destinations.services.find((each) => each.code === code)
  if (!service) return ""
  if (service.queue === about?.queue) return "Antrean tetap sama. Tempatnya tidak berubah."
  return `Pindah ke antrean ${service.queue_name}, menurut waktu kedatangan.`
}
