// Times that run: the clock of the hall, a service against its standard, those who wait, and what ends soon.

import { clock } from "./live.js"

export function run() {
  const at = clock.now()
  each("clock", (place) => write(place, clock.time(at)))
  each("elapsed", (place, since) => write(place, length(at - since)))
  each("minutes", (place, since) => write(place, whole(at - since, 60_000)))
  each("fills", (bar, since) => fill(bar, whole(at - since, 1_000)))
  each("left", (place, end) => write(place, `${Math.max(1, Math.round((end - at) / 1_000))} dtk`))
  each("drains", (bar, end) => { bar.value = Math.max(0, end - at) / 1_000 })
  each("ends", (place, end) => { place.hidden = end <= at })
  each("back", (place, end) => write(place, back(end - at)))
}

function each(name, tell) {
  for (const place of document.querySelectorAll(`[data-${name}]`)) tell(place, Date.parse(place.dataset[name]))
}

function fill(bar, seconds) {
  bar.value = Math.min(seconds, bar.max)
  bar.parentElement.toggleAttribute("data-over", seconds > bar.max)
}

function back(milliseconds) {
  const minutes = Math.ceil(Math.abs(milliseconds) / 60_000)
  return milliseconds > 0 ? `${minutes} menit lagi` : `Lewat ${minutes} menit`
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
