// What the hall should know, one sentence after the other: disturbances first, then counters that pause.

const TOGETHER = 4

export function sentences(board) {
  const disturbed = board.notices.filter((notice) => notice.kind === "disturbance")
  return [...disturbed.map(({ text }) => ({ kind: "disturbance", text })), ...pauses(board.counters)]
}

// Counters that pause alike share a sentence: "Loket 1, Loket 2 dan Loket 5 istirahat sampai 13.00 WIB".
function pauses(counters) {
  const alike = new Map()
  for (const { name, pause } of counters.filter((counter) => counter.pause)) {
    const said = pause.text.slice(name.length)
    alike.set(said, [...(alike.get(said) ?? []), name])
  }
  return [...alike].flatMap(([said, names]) => inParts(names).map((part) => ({ kind: "pause", text: `${list(part)}${said}` })))
}

function inParts(names) {
  return Array.from({ length: Math.ceil(names.length / TOGETHER) }, (_, at) => names.slice(at * TOGETHER, (at + 1) * TOGETHER))
}

function list(names) {
  return names.length === 1 ? names[0] : `${names.slice(0, -1).join(", ")} dan ${names[names.length - 1]}`
}
