// The socket to the server. One whose cable was pulled looks open for minutes: without a sign it is closed.

import { PATIENCE } from "./request.js"
import { io } from "./socket.io.esm.min.js"

const WATCH_EVERY = 1_000

// Options are those of socket.io; `silent` milliseconds without a sign are too long.
export function openSocket(silent, options = {}) {
  const socket = io("/screen", { transports: ["websocket"], timeout: PATIENCE, ...options })
  let lastSign = performance.now()
  const sign = () => { lastSign = performance.now() }
  socket.on("connect", sign)
  socket.onAny(sign)
  // When the server itself closed it, only we can open it again.
  socket.on("disconnect", (reason) => reason === "io server disconnect" && setTimeout(() => socket.connect(), PATIENCE))
  setInterval(() => {
    if (socket.connected && performance.now() - lastSign > silent) socket.io.engine.close()
  }, Math.min(WATCH_EVERY, silent / 5))
  return socket
}
