// The way to the server: a socket that tells, and the board over HTTP whenever what it told may not be all.

import { request, unreached } from "/look/request.js"
import { openSocket } from "/look/socket.js"
import { pace, version, zone } from "./config.js"
import { reload, renew } from "./reload.js"

const TICK = Math.min(1_000, pace.staleAfter / 5)

export class Link {
  #store
  #heard
  #changed
  #socket
  #lastSign = -Infinity
  #asking = false
  #again = false
  #retry = null

  // heard(name, fact) is told of news that was taken, heard("board") of a new board, changed(state) of the connection.
  constructor(store, heard, changed) {
    this.#store = store
    this.#heard = heard
    this.#changed = changed
  }

  open() {
    this.#socket = openSocket(pace.staleAfter * 0.8, {
      auth: { zone },
      reconnectionDelay: pace.retryLeast,
      reconnectionDelayMax: pace.retryMost,
      randomizationFactor: 0.5,
    })
    this.#socket.on("connect", () => this.#sign(() => this.ask()))
    this.#socket.onAny((name, news) => isOurs(news) && this.#sign(() => this.#hear(name, news)))
    this.#socket.on("disconnect", () => this.#later())
    this.#socket.on("connect_error", () => this.#later())
    setInterval(() => this.#changed(this.state), TICK)
    setInterval(() => this.#socket.connected || this.ask(), pace.pollEvery)
    document.addEventListener("visibilitychange", () => document.hidden || this.ask())
    this.ask()
  }

  // Ask for the whole board; a question while one is under way is asked once more afterwards.
  async ask() {
    this.#again = true
    if (this.#asking) return

    this.#asking = true
    while (this.#again) {
      this.#again = false
      await this.#fetch()
    }
    this.#asking = false
  }

  get state() {
    const silence = performance.now() - this.#lastSign
    if (silence > pace.lostAfter) return this.#lastSign > 0 ? "lost" : "joining"
    if (silence > pace.staleAfter) return "stale"
    return this.#socket.connected ? "live" : "polling"
  }

  async #fetch() {
    const before = this.#store.seq
    try {
      const answer = await request(`/api/v1/zones/${encodeURIComponent(zone)}/board`, { cache: "no-store", headers: { "MPP-Client": version } })
      const current = answer.headers.get("MPP-Version")
      if (current && current !== version) renew(current)
      if (!answer.ok) return this.#refused(answer.status)
      const board = await answer.json()
      const overtaken = board.seq < this.#store.seq && this.#store.seq !== before
      if (overtaken) this.#later()
      else this.#sign(() => this.#load(board))
    } catch (error) {
      if (!unreached(error)) throw error
      this.#later()
    }
  }

  #refused(status) {
    // The page then asks for a key.
    if (status === 401 || status === 403) reload()
    this.#later()
  }

  #hear(name, news) {
    if (name === "snapshot") this.#load(news)
    else if (Number.isInteger(news.prev)) this.#take(name, news)
    else if (news.seq > this.#store.seq) this.ask()
  }

  #load(board) {
    this.#store.load(board)
    this.#heard("board")
  }

  #take(name, fact) {
    const result = this.#store.take(name, fact)
    if (result === "gap") this.ask()
    if (result === "taken") {
      this.#heard(name, fact)
      this.#later(pace.refreshAfter, pace.refreshAfter * 2)
    }
  }

  #later(least = pace.retryLeast, most = pace.retryMost) {
    if (this.#retry !== null) return
    this.#retry = setTimeout(() => {
      this.#retry = null
      // The server itself may have closed the socket; then only we can open it again.
      if (!this.#socket.active) this.#socket.connect()
      this.ask()
    }, least + Math.random() * (most - least))
  }

  #sign(act) {
    this.#lastSign = performance.now()
    act()
    this.#changed(this.state)
  }
}

// A screen's key may open several zones; this page shows one. A heartbeat need not name it.
function isOurs(news) {
  const named = news?.zone?.code ?? news?.zone ?? zone
  return Number.isInteger(news?.seq) && named === zone
}
