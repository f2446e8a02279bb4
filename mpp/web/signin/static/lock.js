// The closed screen: a clock, one press of the button, and an eye on whether another tab opened it or it is over.

const LOOK_EVERY = 20_000

const { now, timezone, again } = document.body.dataset
const ahead = Date.parse(now) - Date.now()
const hall = new Intl.DateTimeFormat("id-ID", { timeZone: timezone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" })
const password = document.querySelector("#password")
let sent = false

function tick() {
  document.querySelector("[data-clock]").textContent = hall.format(Date.now() + ahead).replace(":", ".")
}

async function look() {
  if (sent || password.value || document.hidden) return
  const answer = await fetch(again, { redirect: "manual" }).catch(() => null)
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
