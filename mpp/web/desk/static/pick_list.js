// Choosing by typing: a service or a queue of the whole mall, found by any of its words, with the keys alone.
// Enter takes the marked one; of several, Backspace in an empty field gives the last one back.

import { destinations } from "./destinations.js"

const MOST_SHOWN = 40

class PickList extends HTMLElement {
  #chosen = []
  #marked = 0
  #field = document.createElement("input")
  #list = document.createElement("ul")
  #taken = document.createElement("ul")

  connectedCallback() {
    const id = `pick-${this.closest("dialog").id}-${this.getAttribute("name")}`
    Object.assign(this.#field, { type: "text", autocomplete: "off", placeholder: this.dataset.words, id })
    this.#field.toggleAttribute("autofocus", this.hasAttribute("autofocus"))
    for (const [name, value] of [["role", "combobox"], ["aria-controls", `${id}-list`], ["aria-labelledby", this.getAttribute("aria-labelledby")]]) this.#field.setAttribute(name, value)
    this.#list.id = `${id}-list`
    this.#list.setAttribute("role", "listbox")
    this.#taken.className = "taken"
    this.append(this.#taken, this.#field, this.#list)
    this.#field.addEventListener("input", () => this.#typed())
    this.#field.addEventListener("keydown", (event) => this.#key(event))
    this.#list.addEventListener("click", (event) => this.#take(event.target.closest("li")?.dataset.code))
    this.#taken.addEventListener("click", (event) => { if (event.target.closest("button")) this.#give(event.target.closest("li").dataset.code) })
    this.#show()
  }

  // One code or none; with data-most a list of codes.
  get value() {
    return this.#many ? this.#chosen : this.#chosen[0] ?? ""
  }

  set value(codes) {
    this.#chosen = [codes ?? []].flat().filter((code) => this.#option(code))
    this.#marked = 0
    this.#write()
    this.#show()
  }

  get #many() { return this.hasAttribute("data-most") }
  get #full() { return this.#chosen.length >= Number(this.dataset.most ?? 1) }

  get #options() {
    const all = destinations[this.dataset.of]
    if (this.dataset.only === "agency") return all.filter((option) => option.agency === destinations.agency)
    return this.dataset.only === "here" ? all.filter((option) => option.here) : all
  }

  get #found() {
    const words = (this.#full ? "" : this.#field.value).toLowerCase().split(/\s+/).filter(Boolean)
    if (this.#full || (!words.length && !this.hasAttribute("data-open"))) return []
    const fits = (option) => words.every((word) => `${option.name} ${option.where} ${option.words} ${option.code}`.toLowerCase().includes(word))
    return this.#options.filter((option) => !this.#chosen.includes(option.code) && fits(option)).slice(0, MOST_SHOWN)
  }

  #key(event) {
    const found = this.#found
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault()
      this.#marked = Math.min(Math.max(0, this.#marked + (event.key === "ArrowDown" ? 1 : -1)), found.length - 1)
      this.#show()
    } else if (event.key === "Enter" && found.length) {
      event.preventDefault()
      this.#take(found[this.#marked].code)
    } else if (event.key === "Enter" && this.#field.value && !this.value.length) {
      event.preventDefault()
    } else if (event.key === "Backspace" && !this.#field.value && this.#chosen.length) {
      this.#give(this.#chosen.at(-1))
    }
  }

  // Typing over a choice takes it back and searches again.
  #typed() {
    if (!this.#many) this.#chosen = []
    this.#changed()
  }

  #take(code) {
    if (!code) return
    this.#chosen = [...this.#chosen, code]
    this.#write()
    this.#changed()
  }

  // A single choice stands in the field itself, marked, so that the next letter replaces it.
  #write() {
    const one = this.#many ? null : this.#option(this.#chosen[0])
    this.#field.value = one ? `${one.name}, ${one.where}` : ""
    if (one && document.activeElement === this.#field) this.#field.select()
  }

  #give(code) {
    this.#chosen = this.#chosen.filter((each) => each !== code)
    this.#changed()
    this.#field.focus()
  }

  #changed() {
    this.#marked = 0
    this.#show()
    this.dispatchEvent(new Event("change", { bubbles: true }))
  }

  #show() {
    const found = this.#found
    this.#list.replaceChildren(...found.map((option, at) => this.#row(option, at)))
    const nothing = !found.length && !this.#full && this.#field.value.trim() !== ""
    if (nothing) this.#list.append(Object.assign(document.createElement("li"), { className: "none", textContent: "Tidak ditemukan. Coba kata lain." }))
    this.#list.hidden = !found.length && !nothing
    this.#field.setAttribute("aria-expanded", String(found.length > 0))
    this.#field.setAttribute("aria-activedescendant", found.length ? `${this.#list.id}-${this.#marked}` : "")
    this.#field.toggleAttribute("data-chosen", !this.#many && this.#full)
    this.#list.children[this.#marked]?.scrollIntoView({ block: "nearest" })
    this.#taken.replaceChildren(...(this.#many ? this.#chosen.map((code) => this.#chip(this.#option(code))) : []))
  }

  #option(code) {
    return this.#options.find((option) => option.code === code)
  }

  #row(option, at) {
    const row = this.#item(option)
    row.id = `${this.#list.id}-${at}`
    row.setAttribute("role", "option")
    row.setAttribute("aria-selected", String(at === this.#marked))
    return row
  }

  #chip(option) {
    const chip = this.#item(option)
    const remove = document.createElement("button")
    Object.assign(remove, { type: "button", tabIndex: -1, textContent: "Hapus" })
    chip.append(remove)
    return chip
  }

  #item(option) {
    const item = document.createElement("li")
    const name = document.createElement("strong")
    const where = document.createElement("span")
    item.dataset.code = option.code
    name.textContent = option.name
    where.textContent = [...new Set([option.where, option.queue_name])].filter(Boolean).join(", ")
    item.append(name, where)
    return item
  }
}

customElements.define("pick-list", PickList)
