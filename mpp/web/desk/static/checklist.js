// What of a visitor's papers was checked; kept for this visitor, also while they are put aside.

import { keep, kept } from "./drafts.js"

let byPointer = false

function restore() {
  const list = document.querySelector("[data-checklist]")
  if (!list) return
  const checked = kept(`checklist:${list.dataset.checklist}`) ?? []
  list.querySelectorAll("input").forEach((box, at) => { box.checked = checked.includes(at) })
}

function note(list, before = []) {
  const checked = [...list.querySelectorAll("input")].flatMap((box, at) => (box.checked || before.includes(at) ? [at] : []))
  keep(`checklist:${list.dataset.checklist}`, checked)
}

// What was ticked before this script was here is added to what was kept.
function begin() {
  const list = document.querySelector("[data-checklist]")
  if (list) note(list, kept(`checklist:${list.dataset.checklist}`) ?? [])
  restore()
}

document.addEventListener("change", (event) => {
  const list = event.target.closest("[data-checklist]")
  if (!list) return
  note(list)
  // After a mouse or a finger, the keys are the desk's again.
  if (byPointer) event.target.blur()
})
document.addEventListener("pointerdown", () => { byPointer = true })
document.addEventListener("keydown", () => { byPointer = false })
document.addEventListener("fresh", restore)
begin()
