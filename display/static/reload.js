// Load the page anew, when nothing is being said and the server is there to give it.

import { request } from "/look/request.js"
import { pace } from "./config.js"

const DONE = "mpp-renewed-for"
let pending = false

// Once for each version: a server that keeps giving an old page must not make the screen flicker.
export function renew(version) {
  if (sessionStorage.getItem(DONE) === version) return
  reload(() => sessionStorage.setItem(DONE, version))
}

export async function reload(before = () => {}) {
  if (pending) return
  pending = true
  await pause(Math.random() * pace.reloadWithin)
  while (document.body.dataset.speaking) await pause(100)
  if (await serverIsThere()) {
    before()
    location.reload()
  } else pending = false
}

async function serverIsThere() {
  const answer = await request(location.pathname, { cache: "no-store" }).catch(() => null)
  return answer !== null && answer.status < 500
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
