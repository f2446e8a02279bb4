// The lobby board: what the server tells is shown at once and spoken in its turn.

import { Announcer } from "./announcer.js"
import { BoardClock } from "./clock.js"
import { pace, zone } from "./config.js"
import { Link } from "./link.js"
import { Memory } from "./memory.js"
import { reload } from "./reload.js"
import { does, isCall, Store } from "./store.js"
import * as view from "./view.js"
import { Voice } from "./voice.js"

const COUNTERS_ON_A_PAGE = 4
const SOUND_GRACE = 500
const DAY = 20 * 3_600_000

const clock = new BoardClock()
const store = new Store()
const voice = new Voice(() => view.drawSound(voice.running))
const announcer = new Announcer(voice, new Memory(zone, clock), onStage)
const link = new Link(store, onNews, onLink)
let page = 0
let trueAt = ""
let silentSince = Infinity
let calm = null
let passed = 0

function onNews(name, fact) {
  if (name === "board") clock.show(store.board)
  const { emergency } = store
  if (emergency !== null) {
    silentSince = Date.parse(emergency.since)
    announcer.hush()
  }
  if (does("unsays", name)) announcer.drop(fact)
  const ended = announcer.hushed && emergency === null
  for (const call of worthSaying(name === "board" || ended ? store.board.calls : isCall(name, fact) ? [fact] : [])) {
    announcer.add(call)
  }
  if (ended) endSilence()
  else if (announcer.hushed && isCall(name, fact)) showSilently()
  draw()
}

// Nobody is helped by a voice that calls what happened long ago, or whom the officer already serves; but what was
// called while the hall had to be silent is still to be said.
function worthSaying(calls) {
  const oldest = Math.min(clock.now() - pace.announceWithin, silentSince)
  return standing(calls)
    .filter((call) => Date.parse(call.at) >= oldest)
    .sort((a, b) => a.seq - b.seq)
}

function standing(calls) {
  return calls.filter((call) => call.state !== "serving")
}

function endSilence() {
  silentSince = Infinity
  announcer.speak(standing(store.board.calls))
}

function showSilently() {
  clearTimeout(calm)
  view.callOut(pace.silentFor / 1000)
  calm = setTimeout(() => announcer.hushed && view.calmDown(), pace.silentFor)
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
  view.drawEmergency(store.emergency, board.zone)
  view.drawNotices(board, page)
  document.body.dataset.seq = store.seq
}

function tick() {
  if (store.board === null) return
  view.drawClock(clock)
  view.drawTimes((at) => clock.ago(at))
  askWhenOver()
  // Once a night, when the mall is closed, a fresh page: televisions are never switched off.
  if (performance.now() > DAY && clock.time().startsWith("03")) reload()
}

// A sentence that promised an end has to change when that moment comes.
function askWhenOver() {
  const now = clock.now()
  const ends = store.board.notices.map((notice) => Date.parse(notice.until)).filter((end) => end > passed && end <= now)
  if (ends.length === 0) return
  passed = Math.max(...ends)
  link.ask()
}

function turnPage() {
  page += 1
  if (store.board === null) return
  view.drawCounters(store.board.counters, page, COUNTERS_ON_A_PAGE)
  view.drawNotices(store.board, page)
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
