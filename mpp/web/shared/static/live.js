// The way to the server for pages of staff: a socket that wakes, and questions over HTTP that tell the truth.

import { Clock } from "/look/clock.js"
import { request } from "/look/request.js"
import { openSocket } from "/look/socket.js"

const STALE_AFTER = 15_000
const WATCH_EVERY = 1_000

const socket = openSocket(STALE_AFTER, { reconnectionDelay: 1_000, reconnectionDelayMax: 5_000 })

// The server's time: the clock of this computer may be wrong.
export const clock = new Clock(document.body.dataset.timezone)

// The page says its time when it leaves the server, and a busy computer begins here a good second later. A
// browser that does not tell when the page came is taken to have it now.
const [came] = performance.getEntriesByType("navigation")
clock.set(document.body.dataset.now, came ? performance.timeOrigin + came.responseStart : Date.now())
let lastTruth = Date.now()

export const version = document.body.dataset.version
export const now = () => clock.now()

// heard(name) for each of these facts, and whenever the connection is there again.
export function onNews(names, heard) {
  for (const name of ["connect", ...names]) socket.on(name, heard)
  return () => { for (const name of ["connect", ...names]) socket.off(name, heard) }
}

// One question to the server, from this version of the page.
export async function ask(address, options = {}) {
  const answer = await request(address, { ...options, headers: { "MPP-Client": version, ...options.headers } })
  const said = answer.headers.get("MPP-Version")
  if (said && said !== version) document.dispatchEvent(new CustomEvent("mpp:version"))
  clock.follow(answer)
  return answer
}

// What is on the page was true just now.
export function trueNow() {
  lastTruth = Date.now()
  tell()
}

export function connection() {
  if (Date.now() - lastTruth > STALE_AFTER) return "stale"
  return socket.connected ? "live" : "polling"
}

export const trueSince = () => clock.at(lastTruth)

function tell() {
  document.dispatchEvent(new CustomEvent("mpp:link", { detail: connection() }))
}

socket.on("connect", tell)
socket.on("disconnect", tell)
setInterval(tell, WATCH_EVERY)
