// <hy-combobox src="/url/">: a type-ahead after the ARIA 1.2 combobox pattern, fed by {"results": [{id, label, detail}]}.
// Emits "combobox:change" with {record, value, text}; also a native "change" on its hidden input. See templates/ui/components/combobox.html.

const DEBOUNCE_MS = 80;
const KEPT_ANSWERS = 60;
const PAGE_STEP = 8;
let serial = 0;

class Combobox extends HTMLElement {
  connectedCallback() {
    if (this.ready) return;
    this.ready = true;
    this.input = this.querySelector('[role="combobox"]');
    this.hidden_ = this.querySelector('input[type="hidden"]');
    this.list = this.querySelector('[role="listbox"]');
    this.clearButton = this.querySelector(".hy-combobox-clear");
    this.announcer = this.querySelector("[aria-live]");
    this.answers = new Map();
    this.records = [];
    this.active = -1;
    this.asked = 0;
    this.chosen = this.hidden_.value ? { id: this.hidden_.value, label: this.input.value } : null;
    this.input.addEventListener("input", (event) => this.onInput(event));
    this.input.addEventListener("compositionend", () => this.search());
    this.input.addEventListener("keydown", (event) => this.onKey(event));
    this.input.addEventListener("click", () => this.isOpen || this.search());
    this.input.addEventListener("focus", () => this.input.select());
    this.input.addEventListener("blur", () => this.onBlur());
    // Keeps the focus in the input while the mouse picks; otherwise blur would close the list first.
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.onPick(event));
    this.list.addEventListener("mousemove", (event) => this.onPoint(event));
    this.clearButton?.addEventListener("click", () => { this.clear(); this.input.focus(); });
    this.input.form?.addEventListener("reset", () => setTimeout(() => this.clear({ silent: true })));
    this.reposition = () => this.isOpen && this.place();
    this.showClear();
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
    this.abort?.abort();
    this.unwatch();
  }

  get isOpen() { return !this.list.hidden; }
  get free() { return this.hasAttribute("free"); }
  get least() { return Number(this.getAttribute("min") ?? 1); }
  get value() { return this.hidden_.value; }

  choose(record, { silent = false } = {}) {
    this.chosen = record;
    this.hidden_.value = record.id;
    this.input.value = record.text ?? record.label;
    this.dirty = false;
    this.validate();
    this.close();
    if (!silent) this.emit(record);
  }

  clear({ silent = false } = {}) {
    const had = this.hidden_.value || this.input.value;
    this.chosen = null;
    this.hidden_.value = "";
    this.input.value = "";
    this.dirty = false;
    this.validate();
    this.close();
    if (had && !silent) this.emit(null);
  }

  emit(record) {
    this.hidden_.dispatchEvent(new Event("change", { bubbles: true }));
    const detail = { record, value: this.hidden_.value, text: this.input.value };
    this.dispatchEvent(new CustomEvent("combobox:change", { bubbles: true, detail }));
  }

  onInput(event) {
    this.dirty = true;
    if (this.chosen) {
      this.chosen = null;
      this.hidden_.value = "";
      this.emit(null);
    }
    this.validate();
    // Half-typed pinyin of an input method is no query yet; compositionend brings the words.
    if (event.isComposing) return;
    clearTimeout(this.timer);
    this.pending = true;
    this.timer = setTimeout(() => this.search(), DEBOUNCE_MS);
  }

  async search() {
    clearTimeout(this.timer);
    const query = this.dirty ? this.input.value.trim() : "";
    if (query.length < this.least) {
      this.pending = false;
      this.commitWhenReady = false;
      this.close();
      return;
    }
    const url = this.url(query);
    const ticket = ++this.asked;
    let answer = this.answers.get(url);
    if (!answer) {
      answer = await this.fetch(url);
      if (ticket !== this.asked) return;
    }
    this.pending = false;
    if (answer.failed) return this.explain(answer.failed);
    this.remember(url, answer);
    this.show(answer.results, query);
  }

  async fetch(url) {
    this.abort?.abort();
    this.abort = new AbortController();
    this.dataset.busy = "";
    try {
      const response = await fetch(url, { signal: this.abort.signal, headers: { Accept: "application/json" } });
      if (!response.ok) return { failed: "查询失败，请稍后再试" };
      return await response.json();
    } catch (error) {
      return { failed: error.name === "AbortError" ? "" : "网络不通，请检查连接" };
    } finally {
      delete this.dataset.busy;
    }
  }

  url(query) {
    const url = new URL(this.getAttribute("src"), location.href);
    url.searchParams.set("q", query);
    for (const pair of (this.getAttribute("include") ?? "").split(/\s+/).filter(Boolean)) {
      const [name, id] = pair.split("=");
      const value = document.getElementById(id)?.value;
      if (value) url.searchParams.set(name, value);
    }
    return url.href;
  }

  remember(url, answer) {
    this.answers.set(url, answer);
    if (this.answers.size > KEPT_ANSWERS) this.answers.delete(this.answers.keys().next().value);
  }

  show(records, query) {
    this.records = records;
    if (!records.length) {
      this.commitWhenReady = false;
      return this.explain(this.free ? "" : `没有找到“${query}”`);
    }
    serial += 1;
    this.list.replaceChildren(...records.map((record, index) => this.option(record, index, query)));
    this.open();
    this.activate(query || this.commitWhenReady ? 0 : -1);
    this.announcer.textContent = `${records.length} 项`;
    if (this.commitWhenReady) {
      this.commitWhenReady = false;
      this.choose(records[0]);
    }
  }

  option(record, index, query) {
    const item = document.createElement("li");
    item.id = `${this.input.id}-option-${serial}-${index}`;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    item.dataset.index = index;
    const label = document.createElement("span");
    label.className = "hy-option-label";
    label.append(...marked(record.label, query));
    item.append(label);
    if (record.detail) {
      const detail = document.createElement("span");
      detail.className = "hy-option-detail";
      detail.append(...marked(record.detail, query));
      item.append(detail);
    }
    return item;
  }

  explain(text) {
    this.records = [];
    if (!text) return this.close();
    const item = document.createElement("li");
    item.className = "hy-combobox-hint";
    item.setAttribute("role", "presentation");
    item.textContent = text;
    this.list.replaceChildren(item);
    this.announcer.textContent = text;
    this.open();
    this.activate(-1);
  }

  open() {
    if (document.activeElement !== this.input) return;
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.place();
    window.addEventListener("scroll", this.reposition, true);
    window.addEventListener("resize", this.reposition);
  }

  close() {
    this.asked += 1;
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.activate(-1);
    this.announcer.textContent = "";
    this.unwatch();
    this.showClear();
  }

  unwatch() {
    window.removeEventListener("scroll", this.reposition, true);
    window.removeEventListener("resize", this.reposition);
  }

  // Fixed to the window, so that no scrolling pane or dialog cuts the list off.
  place() {
    const box = this.input.getBoundingClientRect();
    const below = window.innerHeight - box.bottom - 12;
    const above = box.top - 12;
    const up = below < 220 && above > below;
    Object.assign(this.list.style, {
      position: "fixed",
      left: `${Math.max(8, Math.min(box.left, window.innerWidth - this.list.offsetWidth - 8))}px`,
      minWidth: `${box.width}px`,
      maxHeight: `${Math.min(332, up ? above : below)}px`,
      top: up ? "auto" : `${box.bottom + 4}px`,
      bottom: up ? `${window.innerHeight - box.top + 4}px` : "auto",
    });
  }

  activate(index) {
    this.list.querySelector('[aria-selected="true"]')?.setAttribute("aria-selected", "false");
    this.active = index;
    const item = index >= 0 ? this.list.children[index] : null;
    if (!item) return this.input.removeAttribute("aria-activedescendant");
    item.setAttribute("aria-selected", "true");
    this.input.setAttribute("aria-activedescendant", item.id);
    item.scrollIntoView({ block: "nearest" });
  }

  move(step) {
    const last = this.records.length - 1;
    if (last < 0) return;
    let next = this.active + step;
    if (this.active < 0) next = step > 0 ? 0 : last;
    else if (Math.abs(step) === 1) next = next > last ? 0 : next < 0 ? last : next;
    this.activate(Math.max(0, Math.min(last, next)));
  }

  onKey(event) {
    if (event.isComposing) return;
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: PAGE_STEP, PageUp: -PAGE_STEP };
    if (event.key in steps) {
      event.preventDefault();
      if (this.isOpen) this.move(steps[event.key]);
      else this.search();
    } else if (event.key === "Enter") this.onEnter(event);
    else if (event.key === "Escape") this.onEscape(event);
    else if (event.key === "Tab" && this.isOpen && this.active >= 0 && this.dirty) this.choose(this.records[this.active]);
  }

  onEnter(event) {
    if (this.isOpen && this.active >= 0) {
      event.preventDefault();
      this.choose(this.records[this.active]);
    } else if (this.pending) {
      // Faster than the answer: the first hit is taken as soon as it comes.
      event.preventDefault();
      this.commitWhenReady = true;
      this.search();
    } else if (this.isOpen) event.preventDefault();
  }

  onEscape(event) {
    if (this.isOpen) {
      event.stopPropagation();
      event.preventDefault();
      this.close();
    } else if (this.input.value) {
      event.stopPropagation();
      event.preventDefault();
      this.clear();
    }
  }

  onPick(event) {
    const item = event.target.closest('[role="option"]');
    if (item) this.choose(this.records[item.dataset.index]);
  }

  onPoint(event) {
    const item = event.target.closest('[role="option"]');
    if (item && Number(item.dataset.index) !== this.active) this.activate(Number(item.dataset.index));
  }

  onBlur() {
    clearTimeout(this.timer);
    const text = this.input.value.trim();
    if (!this.chosen && text && !this.free) {
      const exact = this.records.filter((record) => record.label === text);
      if (exact.length === 1) return this.choose(exact[0]);
    }
    this.close();
    this.validate({ left: true });
  }

  validate({ left = false } = {}) {
    const loose = !this.chosen && !this.free && this.input.value.trim() !== "";
    this.input.setCustomValidity(loose ? "请从列表中选择一项" : "");
    if (loose && left) this.input.setAttribute("aria-invalid", "true");
    else if (!loose && !this.hasAttribute("data-error")) this.input.removeAttribute("aria-invalid");
    this.showClear();
  }

  showClear() {
    if (this.clearButton) this.clearButton.hidden = !this.input.value || this.input.disabled;
  }
}

// Splits a text so that each place where one of the query's words occurs is wrapped in <mark>.
function marked(text, query) {
  const words = query.split(/\s+/).filter(Boolean).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  if (!words.length) return [text];
  return text.split(new RegExp(`(${words.join("|")})`, "gi")).filter(Boolean).map((part) => {
    if (!new RegExp(`^(?:${words.join("|")})$`, "i").test(part)) return part;
    const mark = document.createElement("mark");
    mark.textContent = part;
    return mark;
  });
}

customElements.define("hy-combobox", Combobox);
