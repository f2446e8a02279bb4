// A press before the other scripts are here waits for them: they have run when the document's content is loaded. This
// one is no module and stands in the head, so that nothing can be pressed before it.

{
  const NEEDS_SCRIPTS = "[data-verb], [data-form], [data-post], [data-dialog], [data-open], .row, .tab"
  const pressed = []
  let ready = false

  const hold = (event, again) => {
    if (ready) return
    event.preventDefault()
    event.stopImmediatePropagation()
    pressed.push(again)
  }

  addEventListener("click", (event) => {
    const button = event.target.closest(NEEDS_SCRIPTS)
    if (button && !button.matches("form")) hold(event, () => button.click())
  }, true)

  // A form that is posted needs no script.
  addEventListener("submit", (event) => {
    if (event.target.method !== "post") hold(event, () => event.target.requestSubmit(event.submitter))
  }, true)

  document.addEventListener("DOMContentLoaded", () => {
    ready = true
    for (const again of pressed) again()
  })
}
