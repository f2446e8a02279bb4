// Sending a deed: one at a time, kept until it is answered, and whatever was under way before a reload goes on.

import { post, unanswered } from "../shared/intent.js"
import { say } from "../shared/notice.js"

const EXTRAS = "mpp-greeter-extras"
let sending = false

// Gives the answer, or nothing while another deed is under way.
export async function send(address, body, ...kept) {
  if (sending) return null
  sending = true
  document.body.toggleAttribute("data-sending", true)
  try {
    const answer = await post(address, () => say("Belum terkirim. Dicoba lagi terus."), body, ...kept)
    if (answer.status === 401) location.reload()
    if (["client_too_old", "csrf_failed"].includes(answer.problem?.code)) location.reload()
    return answer
  } finally {
    sending = false
    document.body.removeAttribute("data-sending")
  }
}

// A number, and what has to follow once it is there: needs to mark, a paper to print.
export async function take(body, extras, ...kept) {
  if (extras) sessionStorage.setItem(EXTRAS, JSON.stringify(extras))
  const answer = await send("/api/v1/tickets", body, ...kept)
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
    await send(kept.address, kept.body, kept.key, kept.since)
    for (const fragment of document.querySelectorAll("live-fragment")) fragment.refresh()
  }
}

// The body that a form says: data-numbers, data-lists and data-nulls name fields that are not plain text, and
// a field that the address names goes there.
export function bodyOf(form) {
  const said = new FormData(form)
  const kinds = Object.fromEntries(["numbers", "lists", "nulls"].map((kind) => [kind, (form.dataset[kind] ?? "").split(" ")]))
  const body = Object.fromEntries(kinds.lists.filter(Boolean).map((name) => [name, said.getAll(name)]))
  let address = form.dataset.post
  for (const [name, value] of said) {
    if (address.includes(`{${name}}`)) address = address.replace(`{${name}}`, encodeURIComponent(value))
    else if (kinds.lists.includes(name)) continue
    else if (kinds.numbers.includes(name)) body[name] = Number(value)
    else body[name] = kinds.nulls.includes(name) && !value ? null : value
  }
  return { address, body }
}

async function done(address, body) {
  return Boolean((await send(address, body))?.ok)
}
