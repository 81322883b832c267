// <portal-photos>: sends each chosen photo at once, made smaller first, and shows it; without scripts the photos travel with the form.

const LONGEST_SIDE = 2560;
const SMALL_ENOUGH = 1.5 * 1024 * 1024;

class Photos extends HTMLElement {
  connectedCallback() {
    this.form = this.closest("form");
    this.input = this.querySelector('input[type="file"]');
    this.list = this.querySelector("[data-photos]");
    this.problem = this.querySelector("[data-problem]");
    this.said = this.querySelector("[data-said]");
    this.sending = 0;
    this.input.addEventListener("change", () => this.take([...this.input.files]));
    this.list.addEventListener("click", (event) => this.onRemove(event));
    this.form.addEventListener("submit", (event) => this.onSubmit(event));
  }

  async take(files) {
    // The files are sent here and now: they must not travel with the form as well.
    this.input.value = "";
    this.tell("");
    const room = Number(this.dataset.most) - this.list.children.length;
    if (files.length > room) this.tell(`最多${this.dataset.most}张照片，多出的没有上传。`);
    for (const file of files.slice(0, Math.max(0, room))) await this.send(file, this.tile(file));
    if (this.waiting && !this.sending) this.form.requestSubmit(this.waiting);
  }

  tile(file) {
    const item = this.querySelector("template[data-photo]").content.firstElementChild.cloneNode(true);
    item.dataset.busy = "";
    item.querySelector("img").src = URL.createObjectURL(file);
    this.list.append(item);
    this.sending += 1;
    this.count();
    return item;
  }

  async send(file, item) {
    try {
      const body = new FormData();
      body.append("file", await smaller(file), file.name);
      body.append("csrfmiddlewaretoken", this.form.elements.csrfmiddlewaretoken.value);
      const response = await fetch(this.dataset.url, { method: "POST", body });
      const answer = response.headers.get("Content-Type")?.includes("json") ? await response.json() : {};
      if (!response.ok) throw new Refused(answer.error ?? "照片没有传上去，请再试一次。");
      this.keep(item, answer);
    } catch (error) {
      item.remove();
      this.tell(error instanceof Refused ? error.message : "网络不通，照片没有传上去，请再试一次。");
    } finally {
      this.sending -= 1;
      this.count();
    }
  }

  keep(item, answer) {
    const field = item.querySelector("input");
    field.value = answer.id;
    field.disabled = false;
    delete item.dataset.busy;
    item.querySelector("progress").remove();
    item.querySelector("button").dataset.remove = answer.remove;
    this.said.textContent = `已上传${this.list.querySelectorAll("input:enabled").length}张照片`;
  }

  count() {
    [...this.list.children].forEach((item, index) => {
      item.querySelector("img").alt = `照片${index + 1}`;
      item.querySelector("button").setAttribute("aria-label", `去掉照片${index + 1}`);
    });
  }

  async onRemove(event) {
    const button = event.target.closest("button[data-remove]");
    if (!button) return;
    const body = new FormData();
    body.append("csrfmiddlewaretoken", this.form.elements.csrfmiddlewaretoken.value);
    fetch(button.dataset.remove, { method: "POST", body }).catch(() => {});
    button.closest("li").remove();
    this.count();
    this.said.textContent = "已去掉一张照片";
    this.input.focus();
  }

  // Whoever presses the button while a photo is on its way waits for the photo, not for a second press.
  onSubmit(event) {
    if (!this.sending) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.waiting = event.submitter ?? undefined;
    this.waiting ??= this.form.querySelector("button.is-main");
    this.said.textContent = "照片上传完就提交";
  }

  tell(text) {
    this.problem.hidden = !text;
    this.problem.querySelector("span").textContent = text;
  }
}

class Refused extends Error {}

async function smaller(file) {
  if (file.size <= SMALL_ENOUGH || file.type === "image/gif") return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const made = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.88));
    return made && made.size < file.size ? made : file;
  } catch {
    return file;
  }
}

customElements.define("portal-photos", Photos);
