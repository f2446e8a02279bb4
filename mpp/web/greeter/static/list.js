// The waiting list: choose whose, and print it.

document.querySelector("[data-print]").addEventListener("click", () => print())
document.querySelector("[data-submits]")?.addEventListener("change", (event) => event.target.form.submit())
