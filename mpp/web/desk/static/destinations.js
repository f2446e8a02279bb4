// The services, queues, counters and colleagues that this desk may send a visitor to.

export const destinations = JSON.parse(document.querySelector("#destinations").textContent)
