// One press is one intent: its key is made once and goes along with every attempt until the server has answered.

import { unreached } from "/look/request.js"
import { ask } from "./live.js"

const GIVE_UP_AFTER = 120_000
const SOON = 1_500
const PAUSES = [300, 600, 1_200, 2_500, 5_000]
const KEPT = "mpp-intent"
// Another person's press is never sent in this one's name.
const owner = document.body.dataset.person ?? document.body.dataset.csrf

// Post a body until there is an answer. late() is called once when it takes long; a press that was kept brings
// its key and its time. Gives {ok, status, problem, body}.
export async function post(address, late, body = {}, key = newKey(), since = Date.now()) {
  localStorage.setItem(KEPT, JSON.stringify({ address, body, key, since, owner }))
  const waiting = setTimeout(late, SOON)
  try {
    return await insist(address, body, key, since, late)
  } finally {
    clearTimeout(waiting)
    localStorage.removeItem(KEPT)
  }
}

// What was pressed before a reload or a crash and never answered: {address, body, key, since}.
export function unanswered() {
  const kept = JSON.parse(localStorage.getItem(KEPT) ?? "null")
  return kept?.owner === owner && Date.now() - kept.since < GIVE_UP_AFTER ? kept : null
}

async function insist(address, body, key, since, late) {
  for (let attempt = 0; Date.now() - since < GIVE_UP_AFTER; attempt += 1) {
    const answer = await attemptOnce(address, body, key)
    if (answer && answer.status < 500 && answer.status !== 429) return answer
    late()
    await pause(PAUSES[Math.min(attempt, PAUSES.length - 1)])
  }
  return { ok: false, status: 0, problem: { detail: "Tidak terkirim. Periksa jaringan, lalu tekan lagi." } }
}

async function attemptOnce(address, body, key) {
  const headers = {
    "Content-Type": "application/json",
    "Idempotency-Key": key,
    "X-CSRF-Token": document.body.dataset.csrf,
  }
  try {
    const answer = await ask(address, { method: "POST", headers, body: JSON.stringify(body) })
    const said = await answer.json()
    return { ok: answer.ok, status: answer.status, problem: answer.ok ? null : said, body: said }
  } catch (error) {
    if (unreached(error)) return null
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
