// What a press means: whoever the page shows, as it shows them. The server refuses it when that has changed.

const OF_THE_VISITOR = ["recall", "start", "finish", "miss", "park", "put-back", "transfer", "correct"]
const OF_AN_EMPTY_DESK = ["call-next", "pause", "close", "serve"]
const OF_A_ROW = { call: "waiting", resume: "parked", return: "missed" }

export function meant(verb, body) {
  const { turn, state } = document.querySelector("#visitor").dataset
  if (OF_A_ROW[verb]) return { state: OF_A_ROW[verb] }
  if (OF_THE_VISITOR.includes(verb)) return turn && body.turn === undefined ? { turn: Number(turn), state } : {}
  return OF_AN_EMPTY_DESK.includes(verb) && !turn ? { turn: null } : {}
}
