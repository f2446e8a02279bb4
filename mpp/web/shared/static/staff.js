// What runs on every page of staff: the state of the connection, the clock, the lock, and a new version when nobody
// is busy.

import { clock, connection, trueSince } from "./live.js"
import "./live_fragment.js"
import "./locking.js"
import "./notice.js"
import { run } from "./times.js"

const IDLE = 20_000
const WORDS = { live: "Tersambung", polling: "Menyambung ulang" }
const link = document.querySelector("#link")
let touched = Date.now()
let renewing = false

function showLink() {
  const state = connection()
  const words = WORDS[state] ?? `Terputus, data ${clock.time(trueSince())}`
  if (link.dataset.state !== state) link.dataset.state = state
  const place = link.querySelector(".words")
  if (place.textContent !== words) place.textContent = words
}

function renew() {
  const busy = document.querySelector("[data-sending], dialog[open]")
  if (renewing && !busy && Date.now() - touched > IDLE) location.reload()
}

document.addEventListener("mpp:link", showLink)
document.addEventListener("mpp:version", () => {
  renewing = true
  document.querySelector("#new-version").hidden = false
})
for (const event of ["pointerdown", "keydown"]) document.addEventListener(event, () => { touched = Date.now() })
document.querySelector("[data-reload]").addEventListener("click", () => location.reload())
setInterval(renew, 1_000)
showLink()
run()
