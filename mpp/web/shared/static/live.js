// The way to the server for pages of staff: a socket that wakes, and questions over HTTP that tell the truth.

import { io } from "/look/socket.io.esm.min.js"

const STALE_AFTER = 15_000
const WATCH_EVERY = 1_000
const PATIENCE = 8_000

const socket = io("/screen", {
  transports: ["websocket"],
  reconnectionDelay: 1_000,
  reconnectionDelayMax: 5_000,
  timeout: PATIENCE,
})

// The page says its time when it leaves the server, and a busy computer begins here a good second later. A
// browser that does not tell when the page came is taken to have it now.
const [came] = performance.getEntriesByType("navigation")
let clockAhead = Date.parse(document.body.dataset.now) - (came ? performance.timeOrigin + came.responseStart : Date.now())
let lastTruth = Date.now()
let lastSign = Date.now()

export const version = document.body.dataset.version

// The server's time: the clock of this computer may be wrong.
export const now = () => Date.now() + clockAhead

// heard(name) for each of these facts, and whenever the connection is there again.
export function onNews(names, heard) {
  for (const name of ["connect", ...names]) socket.on(name, heard)
  return () => { for (const name of ["connect", ...names]) socket.off(name, heard) }
}

// One question to the server; it gives up after a while, as a cable that was pulled never answers.
export async function ask(address, options = {}) {
  const headers = { "MPP-Client": version, ...options.headers }
  const answer = await fetch(address, { ...options, headers, signal: AbortSignal.timeout(PATIENCE) })
  const said = answer.headers.get("MPP-Version")
  if (said && said !== version) document.dispatchEvent(new CustomEvent("mpp:version"))
  const date = Date.parse(answer.headers.get("Date"))
  // The header has whole seconds; a smaller difference says nothing.
  if (Math.abs(date - now()) > 1_500) clockAhead = date - Date.now()
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

export const trueSince = () => new Date(lastTruth + clockAhead)

function tell() {
  document.dispatchEvent(new CustomEvent("mpp:link", { detail: connection() }))
}

socket.on("connect", () => { lastSign = Date.now(); tell() })
socket.onAny(() => { lastSign = Date.now() })
socket.on("disconnect", (reason) => {
  // When the server itself closed the socket, only we can open it again.
  if (reason === "io server disconnect") setTimeout(() => socket.connect(), PATIENCE)
  tell()
})

setInterval(() => {
  // A socket may look open for minutes after its cable was pulled; the server says something every five seconds.
  if (socket.connected && Date.now() - lastSign > STALE_AFTER) socket.io.engine.close()
  tell()
}, WATCH_EVERY)
