// A question to the server that does not wait for ever.

const PATIENCE = 8_000

export async function ask(path, headers = {}) {
  const patience = new AbortController()
  const end = setTimeout(() => patience.abort(), PATIENCE)
  try {
    return await fetch(path, { cache: "no-store", headers, signal: patience.signal })
  } finally {
    clearTimeout(end)
  }
}
