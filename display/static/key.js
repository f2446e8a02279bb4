// A launcher opens the page with #key=…: hand the key in, and keep it out of the address and the history.

const key = new URLSearchParams(location.hash.slice(1)).get("key")
if (key) {
  history.replaceState(null, "", location.pathname)
  document.querySelector("#key").value = key
  document.querySelector("form").submit()
}
