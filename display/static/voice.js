// The voice of the hall: clips, decoded once and joined by the sample clock of Web Audio.

import { pace } from "./config.js"

const LEAD = 0.05
const BREATH = 0.6
const OVERDUE = 1_500
const LOADING = 3_000
const CLIPS = new URL("clips/", import.meta.url)

export class Voice {
  #context = new AudioContext()
  #list = {}
  #buffers = new Map()
  #missing = true
  #sounds = new Set()
  #cut = () => {}

  // changed() is told whenever sound becomes possible or impossible.
  constructor(changed) {
    this.#context.addEventListener("statechange", changed)
  }

  get running() {
    return this.#context.state === "running"
  }

  // A browser may hold all sound until somebody presses a key; asking again then succeeds.
  unlock() {
    return this.#context.resume()
  }

  // Before a call: what is missing gets another chance, but not for long.
  async prepare() {
    if (this.#missing) await Promise.race([this.load(), pause(LOADING)])
  }

  // Fetch what is not here yet. A clip that is missing or broken stays missing, until the next time.
  async load() {
    if (Object.keys(this.#list).length === 0) this.#list = await fetchList()
    const wanted = Object.keys(this.#list).filter((name) => !this.#buffers.has(name))
    await Promise.all(wanted.map((name) => this.#loadClip(name)))
    this.#missing = Object.keys(this.#list).length === 0 || wanted.some((name) => !this.#buffers.has(name))
  }

  // Speak after a chime, or only chime when a word is missing: half a number would mislead.
  // Returns how long it takes in seconds, how it is said, and a promise for its end: true unless it was stopped.
  say(names) {
    const cut = new Promise((resolve) => { this.#cut = () => resolve(false) })
    const { how, seconds, end } = this.running ? this.#aloud(names) : this.#silently()
    return { how, seconds, end: Promise.race([end.then(() => true), cut]) }
  }

  // Nothing is heard from now on.
  stop() {
    for (const sound of this.#sounds) sound.stop()
    this.#sounds.clear()
    this.#cut()
  }

  #silently() {
    return { how: "silent", seconds: pace.silentFor / 1000, end: pause(pace.silentFor) }
  }

  #aloud(names) {
    const whole = names.length > 0 && names.every((name) => this.#buffers.has(name))
    const seconds = this.#play(whole ? ["chime", ...names] : ["chime"])
    const shown = whole ? seconds : Math.max(seconds, pace.silentFor / 1000)
    return { how: whole ? "spoken" : "chimed", seconds: shown, end: this.#until(shown) }
  }

  #play(names) {
    const start = this.#context.currentTime + LEAD
    let at = start
    for (const name of names) {
      const buffer = this.#buffers.get(name)
      if (!buffer) at = this.#ring(at)
      else at = this.#start(buffer, at, this.#list[name])
    }
    return at - start + BREATH / pace.speed
  }

  #start(buffer, at, { before, after }) {
    const clip = new AudioBufferSourceNode(this.#context, { buffer, playbackRate: pace.speed })
    clip.connect(this.#context.destination)
    const begin = at + before / pace.speed
    clip.start(begin)
    this.#sounding(clip)
    return begin + (buffer.duration + after) / pace.speed
  }

  // The chime of last resort, when its own clip is missing.
  #ring(at) {
    const tone = new OscillatorNode(this.#context, { frequency: 622 })
    const loudness = new GainNode(this.#context, { gain: 0 })
    loudness.gain.setValueAtTime(0.3, at)
    loudness.gain.exponentialRampToValueAtTime(0.001, at + 1)
    tone.connect(loudness).connect(this.#context.destination)
    tone.start(at)
    tone.stop(at + 1)
    this.#sounding(tone)
    return at + 1
  }

  #sounding(sound) {
    this.#sounds.add(sound)
    sound.addEventListener("ended", () => this.#sounds.delete(sound))
  }

  // The sample clock says when it has ended; should it stand still, our own clock goes on.
  async #until(seconds) {
    const end = this.#context.currentTime + LEAD + seconds
    const late = performance.now() + seconds * 1000 + OVERDUE
    while (this.#context.currentTime < end && performance.now() < late) {
      await pause(Math.max(10, (end - this.#context.currentTime) * 1000))
    }
  }

  async #loadClip(name) {
    try {
      const answer = await fetch(new URL(this.#list[name].file, CLIPS))
      if (!answer.ok) return
      this.#buffers.set(name, await this.#context.decodeAudioData(await answer.arrayBuffer()))
    } catch (error) {
      if (!(error instanceof TypeError || error instanceof DOMException)) throw error
    }
  }
}

async function fetchList() {
  try {
    const answer = await fetch(new URL("clips.json", CLIPS))
    return answer.ok ? (await answer.json()).clips : {}
  } catch (error) {
    if (error instanceof TypeError || error instanceof SyntaxError) return {}
    throw error
  }
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
