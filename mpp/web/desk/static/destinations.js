// The services, queues, counters and colleagues that this desk may send a visitor to.

export const places = JSON.parse(document.querySelector("#places").textContent)
