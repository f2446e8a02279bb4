// What each form says to the server, in the words of the API.

import { now } from "../shared/live.js"

const BODIES = {
  "finish-long": ({ outcome, services, next, note }) => ({ outcome, services, next, note }),
  park: ({ reason, note }) => ({ reason, note }),
  transfer: ({ queue, service, position, whom, reason, note }) => ({ queue, service, position, ...meant(whom), reason, note }),
  correct: ({ service }, turn) => ({ service, turn }),
  serve: ({ service }) => ({ service }),
  call: ({ reason, note }, turn) => ({ turn, reason, note }),
  pause: ({ reason, until, time }) => ({ reason, until: moment(until, time) }),
  "hand-over": () => ({}),
  close: ({ reason }) => ({ reason }),
  "take-over": () => ({ take_over: true }),
  disturbance: ({ reason, until, time }) => ({ reason, until: moment(until, time) }),
  "lift-disturbance": () => ({}),
  emergency: ({ reason }) => ({ reason }),
  "lift-emergency": () => ({}),
}

// The body of a form; what was left empty is left out.
export function bodyOf(name, values, turn) {
  const said = Object.entries(BODIES[name](values, turn))
  return Object.fromEntries(said.filter(([, value]) => value !== undefined && value !== "" && value?.length !== 0))
}

// For one counter, for one person, or for anybody.
function meant(whom) {
  const [kind, value] = (whom ?? "").split(/:(.*)/)
  if (kind === "counter") return { counter: Number(value) }
  return kind === "person" ? { person: value } : {}
}

// In so many minutes, or at a time of the hall's day; nothing when it is not known.
function moment(until, time) {
  if (until !== "at") return until ? new Date(now() + Number(until) * 60_000).toISOString() : undefined
  if (!time) return undefined
  const offset = document.body.dataset.now.match(/[+-]\d\d:\d\d$/)[0]
  const today = new Date(now() + minutesOf(offset) * 60_000).toISOString().slice(0, 10)
  return `${today}T${time}:00${offset}`
}

function minutesOf(offset) {
  const [hours, minutes] = offset.slice(1).split(":").map(Number)
  return (offset.startsWith("-") ? -1 : 1) * (hours * 60 + minutes)
}
