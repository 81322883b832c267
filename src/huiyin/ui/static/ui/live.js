// <hy-live src="/stamp/" stamp="abc" every="5">: asks a cheap URL (?since=abc) for {"stamp": "..."} or 204; when the stamp
// moves, what is inside is renewed.
// The content has hx-get with hx-trigger="live:change". While a person works inside (focus, ticks, selection) it offers a button instead.

class Live extends HTMLElement {
  connectedCallback() {
    this.stamp = this.getAttribute("stamp");
    this.every = Number(this.getAttribute("every") ?? 5) * 1000;
    this.failures = 0;
    this.wake = () => document.hidden || this.plan(0);
    document.addEventListener("visibilitychange", this.wake);
    this.refreshed = () => this.offer?.remove();
    this.addEventListener("htmx:afterSettle", this.refreshed);
    this.plan();
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
    document.removeEventListener("visibilitychange", this.wake);
  }

  // Desks opened at the same minute must not ask at the same second: the wait varies by a fifth. Failures double it, up to a minute.
  plan(wait = this.every * (0.9 + Math.random() * 0.2) * 2 ** Math.min(this.failures, 4)) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), Math.min(wait, 60000));
  }

  async ask() {
    if (document.hidden) return;
    try {
      const url = new URL(this.getAttribute("src"), location.href);
      if (this.stamp !== null) url.searchParams.set("since", this.stamp);
      const response = await fetch(url, { headers: { Accept: "application/json", "X-Background": "1" } });
      if (response.redirected || response.status === 401) return;
      if (!response.ok) throw new Error(response.status);
      this.failures = 0;
      const answer = response.status === 204 ? { stamp: this.stamp } : await response.json();
      if (String(answer.stamp) !== this.stamp) this.changed(answer);
    } catch {
      this.failures += 1;
    }
    this.plan();
  }

  changed(answer) {
    const first = this.stamp === null;
    this.stamp = String(answer.stamp);
    if (first) return;
    this.dispatchEvent(new CustomEvent("live:stamp", { bubbles: true, detail: answer }));
    if (this.inUse()) this.propose(answer);
    else this.renew();
  }

  inUse() {
    const focused = this.contains(document.activeElement) && document.activeElement.matches("input, textarea, select, [contenteditable]");
    return focused || this.querySelector('input[type="checkbox"]:checked') || document.querySelector("dialog[open]") || String(getSelection());
  }

  propose(answer) {
    if (!this.offer?.isConnected) {
      this.offer = Object.assign(document.createElement("button"), { type: "button", className: "hy-live-offer" });
      this.offer.addEventListener("click", () => this.renew());
      this.prepend(this.offer);
    }
    this.offer.textContent = answer.text ?? "有新的变化，点此刷新";
  }

  renew() {
    this.offer?.remove();
    this.querySelectorAll('[hx-trigger*="live:change"]').forEach((part) => window.htmx.trigger(part, "live:change"));
  }
}

customElements.define("hy-live", Live);
