// How this page was made: its zone, the server's version, and its pace in milliseconds (class Pace in board.py).

const { zoneCode, version, ...times } = document.body.dataset

export { zoneCode as zone, version }

export const pace = Object.fromEntries(Object.entries(times).map(([name, value]) => [name, Number(value)]))
