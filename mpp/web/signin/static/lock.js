// The closed screen: a clock, one press of the button, and an eye on whether another tab opened it or it is over.

import { Clock } from "/look/clock.js"
import { request } from "/look/request.js"

const LOOK_EVERY = 20_000

const { now, timezone, again } = document.body.dataset
const clock = new Clock(timezone)
const password = document.querySelector("#password")
let sent = false

clock.set(now)

function tick() {
  document.querySelector("[data-clock]").textContent = clock.time()
}

async function look() {
  if (sent || password.value || document.hidden) return
  const answer = await request(again, { redirect: "manual" }).catch(() => null)
  if (answer?.type === "opaqueredirect") location.replace(again)
}

// A second Enter would bring the old key, which the first one has replaced.
for (const form of document.querySelectorAll("form")) {
  form.addEventListener("submit", (event) => {
    if (sent) event.preventDefault()
    sent = true
  })
}
addEventListener("pageshow", () => { sent = false })
document.addEventListener("visibilitychange", look)
setInterval(tick, 1_000)
setInterval(look, LOOK_EVERY)
