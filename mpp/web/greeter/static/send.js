// A number with what has to follow it; whatever was under way before a reload goes on.

import { send } from "../shared/deeds.js"
import { unanswered } from "../shared/intent.js"
import { say } from "../shared/notice.js"

const EXTRAS = "mpp-greeter-extras"

// A number, and what has to follow once it is there: needs to mark, a paper to print.
export async function take(body, extras, ...kept) {
  if (extras) sessionStorage.setItem(EXTRAS, JSON.stringify(extras))
  const answer = await send("/api/v1/tickets", body, say, ...kept)
  if (!answer?.ok) return answer
  const following = JSON.parse(sessionStorage.getItem(EXTRAS) ?? "{}")
  sessionStorage.setItem(EXTRAS, JSON.stringify({ ...following, ticket: answer.body.id }))
  sessionStorage.removeItem("mpp-greeter-route")
  location.assign(`/greeter/tickets/${answer.body.id}/taken`)
  return answer
}

// What follows a number that was just taken; each part is done once, also after a reload.
export async function follow(ticket) {
  const extras = JSON.parse(sessionStorage.getItem(EXTRAS) ?? "{}")
  if (extras.ticket !== ticket) return false
  if (extras.needs?.length && !(await done(`/api/v1/staff/tickets/${ticket}/needs`, { needs: extras.needs }))) {
    say("Nomor sudah diambil, tetapi kebutuhan belum tercatat. Tandai lagi lewat Tindakan lain.")
  }
  sessionStorage.setItem(EXTRAS, JSON.stringify({ ...extras, needs: [] }))
  if (extras.kiosk && !(await done("/api/v1/slips", { ticket, kiosk: extras.kiosk }))) {
    say("Nomor sudah diambil, tetapi struk belum diminta. Pilih Cetak struk.")
  }
  sessionStorage.removeItem(EXTRAS)
  return true
}

export async function resume() {
  const kept = unanswered()
  if (!kept) return
  if (kept.address === "/api/v1/tickets") await take(kept.body, null, kept.key, kept.since)
  else if (/^\/api\/v1\/(staff|slips|zones|paper)\b/.test(kept.address)) {
    await send(kept.address, kept.body, say, kept.key, kept.since)
    for (const fragment of document.querySelectorAll("live-fragment")) fragment.refresh()
  }
}

async function done(address, body) {
  return Boolean((await send(address, body))?.ok)
}
