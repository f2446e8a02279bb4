// Questions over a page: data-dialog opens one, data-close closes it, and it forgets what was said in it.

document.addEventListener("click", (event) => {
  // The second press of two is for what was here a moment ago, not for what came in its place.
  if (event.detail > 1 && event.target.closest("button")) {
    event.preventDefault()
    return event.stopImmediatePropagation()
  }
  const asked = event.target.closest("[data-dialog]")
  if (asked) document.getElementById(asked.dataset.dialog).showModal()
  event.target.closest("[data-close]")?.closest("dialog").close()
})

document.addEventListener("close", ({ target }) => {
  target.querySelector("form").reset()
  target.querySelector(".refused")?.remove()
}, true)

// Whether somebody who pressed this button means it.
export function isSure(button) {
  const sure = document.querySelector("#sure")
  const yes = sure.querySelector("[value=yes]")
  sure.querySelector("h2").textContent = button.dataset.sure
  sure.querySelector("p").textContent = button.dataset.because ?? ""
  yes.textContent = button.dataset.yes
  yes.classList.toggle("alarm", "risky" in button.dataset)
  sure.returnValue = "no"
  sure.showModal()
  return new Promise((decided) => {
    sure.addEventListener("close", () => decided(sure.returnValue === "yes"), { once: true })
  })
}
