// What of a visitor's papers was checked; kept in this window only, and forgotten with the next visitor.

const KEPT = "mpp-checklist"

export function restore() {
  const list = document.querySelector("[data-checklist]")
  const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "{}")
  if (!list || kept.turn !== list.dataset.checklist) return
  list.querySelectorAll("input").forEach((box, at) => { box.checked = kept.checked.includes(at) })
}

function keep(list) {
  const checked = [...list.querySelectorAll("input")].flatMap((box, at) => (box.checked ? [at] : []))
  sessionStorage.setItem(KEPT, JSON.stringify({ turn: list.dataset.checklist, checked }))
}

document.addEventListener("change", (event) => {
  const list = event.target.closest("[data-checklist]")
  if (list) keep(list)
})
// After a mouse, the keys are the desk's again.
document.addEventListener("click", (event) => {
  if (event.pointerType && event.target.closest("[data-checklist]")) setTimeout(() => document.activeElement.blur())
})
document.addEventListener("fresh", restore)
restore()
