// How this page was made: its zone, the server's version, what each event does to the board, and its pace in
// milliseconds (class Pace in board.py).

const { zoneCode, version, events, ...times } = document.body.dataset

export { zoneCode as zone, version }
export const effects = JSON.parse(events)

export const pace = Object.fromEntries(Object.entries(times).map(([name, value]) => [name, Number(value)]))
