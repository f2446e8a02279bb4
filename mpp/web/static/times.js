// Times that run: the clock of the hall, a service against its standard, and the minutes of those who wait.

import { now } from "./live.js"

const zone = document.body.dataset.timezone
const hall = new Intl.DateTimeFormat("id-ID", { timeZone: zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" })

export const clock = (moment) => hall.format(moment).replace(":", ".")

export function run() {
  const at = now()
  for (const place of document.querySelectorAll("[data-clock]")) write(place, clock(at))
  for (const place of document.querySelectorAll("[data-elapsed]")) write(place, length(at - Date.parse(place.dataset.elapsed)))
  for (const place of document.querySelectorAll("[data-minutes]")) write(place, whole(at - Date.parse(place.dataset.minutes), 60_000))
  for (const bar of document.querySelectorAll("[data-fills]")) fill(bar, whole(at - Date.parse(bar.dataset.fills), 1_000))
}

function fill(bar, seconds) {
  bar.value = Math.min(seconds, bar.max)
  bar.parentElement.toggleAttribute("data-over", seconds > bar.max)
}

function length(milliseconds) {
  const seconds = whole(milliseconds, 1_000)
  return `${String(Math.floor(seconds / 60)).padStart(2, "0")}.${String(seconds % 60).padStart(2, "0")}`
}

function whole(milliseconds, unit) {
  return Math.max(0, Math.floor(milliseconds / unit))
}

function write(place, text) {
  if (place.textContent !== String(text)) place.textContent = text
}

setInterval(run, 1_000)
run()
document.addEventListener("fresh", run)
