// One calm sentence over the page; it goes by itself, or when somebody closes it.

const SHOWN_FOR = 8_000
const place = document.querySelector("#notice")
let leaving = null

export function say(sentence) {
  place.querySelector(".words").textContent = sentence
  place.hidden = false
  clearTimeout(leaving)
  leaving = setTimeout(hush, SHOWN_FOR)
}

export function hush() {
  place.hidden = true
}

place.querySelector("[data-dismiss]").addEventListener("click", hush)
