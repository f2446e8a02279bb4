// Everything a touch page needs; each part is an element or a habit of its own.
import "./clock.js"
import "./idle.js"
import "./live.js"
import "./scroll.js"
import "./search.js"
import "./taps.js"
