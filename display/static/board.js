// The lobby board: what the server tells is shown at once and spoken in its turn.

import { Announcer } from "./announcer.js"
import { Clock } from "./clock.js"
import { pace, zone } from "./config.js"
import { Link } from "./link.js"
import { Memory } from "./memory.js"
import { reload } from "./reload.js"
import { Store } from "./store.js"
import * as view from "./view.js"
import { Voice } from "./voice.js"

const CALLS = new Set(["turn_called", "turn_recalled"])
const TAKEN_BACK = new Set(["turn_put_back", "turn_cancelled", "turn_expired"])
const COUNTERS_ON_A_PAGE = 4
const SOUND_GRACE = 500
const DAY = 20 * 3_600_000

const clock = new Clock()
const store = new Store()
const voice = new Voice(() => view.drawSound(voice.running))
const announcer = new Announcer(voice, new Memory(zone, clock), onStage)
const link = new Link(store, onNews, onLink)
let page = 0
let trueAt = ""

function onNews(name, fact) {
  if (name === "board") clock.set(store.board)
  if (TAKEN_BACK.has(name)) announcer.drop(fact)
  for (const call of worthSaying(name === "board" ? store.board.calls : CALLS.has(name) ? [fact] : [])) {
    announcer.add(call)
  }
  draw()
}

// Nobody is helped by a voice that calls what happened long ago, or whom the officer already serves.
function worthSaying(calls) {
  const oldest = clock.now() - pace.announceWithin
  return calls
    .filter((call) => call.state !== "serving" && Date.parse(call.at) >= oldest)
    .sort((a, b) => a.seq - b.seq)
}

function onStage(call, seconds) {
  if (call === null) view.calmDown()
  else view.callOut(seconds)
  draw()
}

function onLink(state) {
  if (state === "live" || state === "polling") trueAt = clock.time()
  view.drawLink(state, trueAt)
}

function draw() {
  const { board } = store
  if (board === null) return
  const large = announcer.current ?? board.calls[0] ?? null
  view.drawPlace(board)
  view.drawCall(large, board.zone)
  view.drawRecent(board.calls, large, (call) => announcer.waits(call), (at) => clock.ago(at))
  view.drawQueues(board.queues)
  view.drawCounters(board.counters, page, COUNTERS_ON_A_PAGE)
  document.body.dataset.seq = store.seq
}

function tick() {
  if (store.board === null) return
  view.drawClock(clock)
  view.drawTimes((at) => clock.ago(at))
  // Once a night, when the mall is closed, a fresh page: televisions are never switched off.
  if (performance.now() > DAY && clock.time().startsWith("03")) reload()
}

function turnPage() {
  page += 1
  if (store.board !== null) view.drawCounters(store.board.counters, page, COUNTERS_ON_A_PAGE)
}

// The key may stand in the address when the screen is known already: it has no business there.
const forgetKey = () => location.hash && history.replaceState(null, "", location.pathname)
addEventListener("hashchange", forgetKey)
forgetKey()
for (const gesture of ["pointerdown", "keydown", "click"]) addEventListener(gesture, () => voice.unlock())
setTimeout(() => view.drawSound(voice.running), SOUND_GRACE)
setInterval(tick, 1_000)
setInterval(turnPage, pace.pageTurn)

voice.load()
link.open()
