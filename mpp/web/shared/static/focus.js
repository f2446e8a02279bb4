// What the keys may do while a page changes under them.

// Within this many milliseconds nobody has read what a press opened: the next one is no answer to it.
export const UNREAD = 400

// Where the focus waits when what had it is gone: there a key presses nothing, and Tab goes on from there.
export function waitAt(part) {
  if (!part) return
  part.tabIndex = -1
  part.addEventListener("blur", () => part.removeAttribute("tabindex"), { once: true })
  part.focus({ preventScroll: true })
}
