// Draws the board. Texts enter the page as text only, whatever they contain.

import { sentences } from "./notices.js"
import { sameTurn } from "./store.js"

const ROWS = 6
const MOST_ROWS = 11
const LONG_NAME = 24
const LONG_SENTENCE = 66
const WIDE = /[MW]|[GOQ].*[GOQ]/
const RECALLS = { 2: "Panggilan kedua" }

const find = (selector) => document.querySelector(selector)

// The current call in the large place; with `seconds` it is being announced now, and a bar drains as long.
export function drawCall(call, zone) {
  const stage = find("#call")
  if (call === null) {
    stage.dataset.state = "empty"
    return
  }
  if (stage.dataset.state === "empty") stage.dataset.state = "calm"
  write(".recall", call.nth > 1 ? (RECALLS[call.nth] ?? "Panggilan terakhir") : "")
  drawLabel(find("#call .label"), call.label)
  write(".counter span", `ke ${call.counter}`)
  write(".agency", call.agency)
  write(".place", `${zone.name}, lantai ${zone.floor}`)
}

export function callOut(seconds) {
  const stage = find("#call")
  stage.style.setProperty("--seconds", `${seconds}s`)
  // Another name for the same motion makes it start again for the next call.
  stage.dataset.beat = stage.dataset.beat === "even" ? "odd" : "even"
  stage.dataset.state = "now"
}

export function calmDown() {
  const stage = find("#call")
  if (stage.dataset.state === "now") stage.dataset.state = "calm"
}

export function drawRecent(calls, large, isUnsaid, ago) {
  const others = calls.filter((call) => large === null || !sameTurn(call, large))
  const unsaid = others.filter(isUnsaid)
  const upToUnsaid = others.indexOf(unsaid[unsaid.length - 1]) + 1
  const shown = others.slice(0, Math.min(MOST_ROWS, Math.max(ROWS, upToUnsaid)))
  const list = find("#recent ol")
  list.dataset.rows = shown.length > 9 ? "tight" : shown.length > ROWS ? "close" : "wide"
  list.replaceChildren(...shown.map((call) => recentRow(call, isUnsaid(call), ago(call.at))))
  write("#recent .none", large === null ? "Belum ada panggilan" : "Belum ada panggilan lain")
  find("#recent .none").hidden = shown.length > 0
}

function recentRow(call, unsaid, ago) {
  const label = element("p", "label")
  drawLabel(label, call.label)
  const counter = element("strong", "", call.counter)
  const row = element("li", "", label, counter, element("time", "", ago), element("span", "", call.agency))
  row.dataset.at = call.at
  row.dataset.seq = call.seq
  if (unsaid) row.dataset.unsaid = ""
  return row
}

export function drawTimes(ago) {
  for (const row of document.querySelectorAll("#recent li")) write("time", ago(row.dataset.at), row)
}

export function drawQueues(queues) {
  const list = find("#queues ul")
  list.dataset.count = queues.length > 18 ? "very-many" : queues.length > 12 ? "many" : queues.length > 5 ? "some" : "few"
  list.replaceChildren(...queues.map(queueTile))
}

function queueTile(queue) {
  const name = element("p", "name", element("strong", "", queue.agency), element("span", "", queue.name))
  const tile = element("li", "", element("p", "letters", queue.code), name, element("p", "waiting", `${queue.waiting}`))
  if (queue.waiting === 0) tile.dataset.none = ""
  return tile
}

export function drawCounters(counters, page, size) {
  const pages = Math.max(1, Math.ceil(counters.length / size))
  const shown = counters.slice((page % pages) * size, (page % pages + 1) * size)
  find("#counters ul").replaceChildren(...shown.map(counterRow))
  const dots = Array.from({ length: pages }, (_, at) => element("i", at === page % pages ? "here" : ""))
  find("#counters .pages").replaceChildren(...(pages > 1 ? dots : []))
}

function counterRow(counter) {
  const serves = counter.serves.join(", ")
  const what = element("p", "what", element("strong", "", counter.agency), element("span", "", serves))
  const row = element("li", "", element("p", "counter", counter.name), what, counterState(counter))
  if (!counter.open) row.dataset.closed = ""
  return row
}

function counterState(counter) {
  if (counter.pause) return element("p", "paused", ...pauseLines(counter).map((line) => element("span", "", line)))
  const label = element("p", "label", counter.open ? "" : "tutup")
  if (counter.open && counter.label) drawLabel(label, counter.label)
  return label
}

// "istirahat" and "sampai 13.00 WIB": its name stands beside it already.
function pauseLines(counter) {
  const said = counter.pause.text.slice(counter.name.length).trim()
  const until = said.indexOf("sampai ")
  return until < 0 ? [said] : [said.slice(0, until).trim(), said.slice(until)]
}

export function drawEmergency(notice, zone) {
  const band = find("#emergency")
  document.documentElement.toggleAttribute("data-emergency", notice !== null)
  band.hidden = notice === null
  if (notice === null) return
  write("#emergency .word", notice.text)
  write("#emergency .where", `${zone.name}, lantai ${zone.floor}`)
}

// One sentence at a time; each has its turn.
export function drawNotices(board, page) {
  const said = sentences(board)
  const band = find("#notices")
  document.documentElement.toggleAttribute("data-notices", said.length > 0)
  band.hidden = said.length === 0
  if (said.length === 0) return
  const { kind, text } = said[page % said.length]
  band.dataset.kind = kind
  band.toggleAttribute("data-long", text.length > LONG_SENTENCE)
  write("#notices p", text)
  const dots = said.map((_, at) => element("i", at === page % said.length ? "here" : ""))
  find("#notices .pages").replaceChildren(...(dots.length > 1 ? dots : []))
}

export function drawPlace({ mall, zone }) {
  document.title = `Papan ${zone.name}`
  write("#mall", mall.name)
  find("#mall").toggleAttribute("data-long", mall.name.length > LONG_NAME)
  write("#zone", zone.name)
  write("#floor", `Lantai ${zone.floor}`)
  write(".greeting", `Selamat datang di ${mall.name}`)
  find("#zone").dataset.zone = zone.code
}

export function drawClock(clock) {
  write("#clock", clock.time())
  write("#clock-zone", clock.label)
  write("#date", clock.date())
}

const LINKS = { joining: "Menghubungkan", live: "Tersambung", polling: "Menyambung ulang", stale: "Terputus", lost: "Terputus" }

export function drawLink(state, since) {
  document.documentElement.dataset.link = state
  write("#link", LINKS[state])
  const stale = state === "stale" || state === "lost"
  find("#stale").hidden = !stale
  if (!stale) return
  const advice = state === "lost" ? ". Silakan perhatikan panggilan petugas" : ""
  write("#stale span", `Sambungan terputus, data ${since}${advice}`)
}

export function drawSound(running) {
  const strip = find("#sound")
  strip.hidden = running
  document.documentElement.dataset.sound = running ? "on" : "off"
  if (!running) strip.focus()
}

function drawLabel(place, label) {
  const [letters, number] = label.split("-")
  if (place.textContent === label) return
  place.dataset.length = Math.min(label.length + (WIDE.test(label) ? 1 : 0), 10)
  place.replaceChildren(letters, element("span", "dash", "-"), number ?? "")
}

function write(selector, text, within = document) {
  const place = within.querySelector(selector)
  if (place.textContent !== text) place.textContent = text
}

function element(tag, name, ...children) {
  const made = document.createElement(tag)
  if (name) made.className = name
  made.append(...children)
  return made
}
