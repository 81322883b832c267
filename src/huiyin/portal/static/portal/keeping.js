// <portal-keeping>: copies the receipt's numbers, prints the page.

class Keeping extends HTMLElement {
  connectedCallback() {
    this.hidden = false;
    this.said = this.querySelector("[data-said]");
    this.copy = this.querySelector("[data-copy]");
    this.copy.addEventListener("click", () => this.onCopy());
    this.querySelector("[data-print]").addEventListener("click", () => window.print());
  }

  async onCopy() {
    const label = this.copy.querySelector("span");
    const copied = await write(this.copy.dataset.copy);
    label.textContent = copied ? "已复制" : "请长按编号复制";
    this.said.textContent = label.textContent;
    setTimeout(() => { label.textContent = "复制"; }, 3000);
  }
}

// Plain http and old in-app browsers have no clipboard; a selected field does there.
async function write(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = Object.assign(document.createElement("textarea"), { value: text });
    document.body.append(field);
    field.select();
    const copied = document.execCommand("copy");
    field.remove();
    return copied;
  }
}

customElements.define("portal-keeping", Keeping);
