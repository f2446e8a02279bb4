// A question to the server that does not wait for ever, as a cable that was pulled never answers.

export const PATIENCE = 8_000

export function request(address, options = {}) {
  return fetch(address, { ...options, signal: AbortSignal.timeout(PATIENCE) })
}

// Whether the server was not reached, or what came was cut off; anything else is a fault of ours.
export function unreached(error) {
  return error instanceof TypeError || error instanceof DOMException || error instanceof SyntaxError
}
