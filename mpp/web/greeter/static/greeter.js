// What runs on every page of the greeter: one field for everything, questions before deeds, and sending them.

import "../shared/deeds.js"
import "./search.js"
import { resume } from "./send.js"

// What one visitor needed is nobody's default: a new selection begins empty.
if (location.pathname === "/greeter" && !new URLSearchParams(location.search).has("layanan")) {
  sessionStorage.removeItem("mpp-greeter-route")
}

resume()
