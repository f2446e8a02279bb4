// One press is one intent: its key is made once and goes along with every attempt until the server has answered.

import { ask } from "./live.js"

const GIVE_UP_AFTER = 120_000
const SOON = 1_500
const PAUSES = [300, 600, 1_200, 2_500, 5_000]
const KEPT = "mpp-intent"

// Post until there is an answer. late() is called once when it takes long. Gives {ok, status, problem}.
export async function post(address, late, key = newKey(), since = Date.now()) {
  sessionStorage.setItem(KEPT, JSON.stringify({ address, key, since }))
  const waiting = setTimeout(late, SOON)
  try {
    return await insist(address, key, since, late)
  } finally {
    clearTimeout(waiting)
    sessionStorage.removeItem(KEPT)
  }
}

// What was pressed before a reload and never answered.
export function unanswered() {
  const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "null")
  return kept && Date.now() - kept.since < GIVE_UP_AFTER ? kept : null
}

async function insist(address, key, since, late) {
  for (let attempt = 0; Date.now() - since < GIVE_UP_AFTER; attempt += 1) {
    const answer = await attemptOnce(address, key)
    if (answer && answer.status < 500 && answer.status !== 429) return answer
    late()
    await pause(PAUSES[Math.min(attempt, PAUSES.length - 1)])
  }
  return { ok: false, status: 0, problem: { detail: "Tidak terkirim. Periksa jaringan, lalu tekan lagi." } }
}

async function attemptOnce(address, key) {
  const headers = {
    "Content-Type": "application/json",
    "Idempotency-Key": key,
    "X-CSRF-Token": document.body.dataset.csrf,
  }
  try {
    const answer = await ask(address, { method: "POST", headers, body: "{}" })
    return { ok: answer.ok, status: answer.status, problem: answer.ok ? null : await answer.json() }
  } catch (error) {
    if (error instanceof TypeError || error instanceof DOMException || error instanceof SyntaxError) return null
    throw error
  }
}

// Also where the page came over plain HTTP, which has no randomUUID.
function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")
}

function pause(milliseconds) {
  return new Promise((go) => setTimeout(go, milliseconds * (0.75 + Math.random() / 2)))
}
