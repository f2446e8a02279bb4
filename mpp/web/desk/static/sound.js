// A soft sound when somebody comes to an empty line, so that an officer may look away from the screen.

import { mood } from "./press.js"

const SOUND = "mpp-sound"
// Two quiet notes, a fourth apart: Hz, and when each begins in seconds.
const NOTES = [[587.33, 0], [783.99, 0.18]]
const LOUD = 0.12
const LONG = 0.9
const wanted = () => localStorage.getItem(SOUND) !== "off"
const context = new AudioContext()
let before = waiting()

// Whoever came here by a press hears at once; a page that loaded by itself sounds only after a touch.
function unlock() {
  context.resume()
}

function waiting() {
  return Number(document.querySelector("#line").dataset.count)
}

function listen() {
  const count = waiting()
  if (before === 0 && count > 0 && mood() === "ready" && wanted()) chime()
  before = count
  show()
}

function chime() {
  if (context.state !== "running") return
  for (const [pitch, after] of NOTES) note(pitch, context.currentTime + after)
  document.body.dataset.chimes = Number(document.body.dataset.chimes ?? 0) + 1
}

function note(pitch, at) {
  const tone = new OscillatorNode(context, { type: "sine", frequency: pitch })
  const volume = new GainNode(context, { gain: 0 })
  volume.gain.setValueAtTime(0, at)
  volume.gain.linearRampToValueAtTime(LOUD, at + 0.02)
  volume.gain.exponentialRampToValueAtTime(0.0001, at + LONG)
  tone.connect(volume).connect(context.destination)
  tone.start(at)
  tone.stop(at + LONG)
}

export function toggleSound() {
  localStorage.setItem(SOUND, wanted() ? "off" : "on")
  show()
}

function show() {
  const on = wanted()
  const button = document.querySelector("#sound")
  button.setAttribute("aria-pressed", String(on))
  button.querySelector(".words").textContent = on ? "Suara" : "Senyap"
}

document.addEventListener("pointerdown", unlock, { once: true })
document.addEventListener("keydown", unlock, { once: true })
document.addEventListener("fresh", listen)
show()
