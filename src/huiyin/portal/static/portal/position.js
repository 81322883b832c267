// <portal-position>: puts where the phone is into two hidden fields, when its owner asks for it; nothing is asked unasked.

class Position extends HTMLElement {
  connectedCallback() {
    if (!navigator.geolocation || !window.isSecureContext) return;
    this.hidden = false;
    [this.lon, this.lat] = this.querySelectorAll("input");
    this.ask = this.querySelector("[data-ask]");
    this.kept = this.querySelector("[data-kept]");
    this.said = this.querySelector("[data-said]");
    this.ask.addEventListener("click", () => this.locate());
    this.querySelector("[data-drop]").addEventListener("click", () => this.set("", ""));
    this.show();
  }

  locate() {
    this.said.textContent = "正在确定位置…";
    const found = ({ coords }) => this.set(coords.longitude.toFixed(5), coords.latitude.toFixed(5));
    const failed = () => { this.said.textContent = "没能确定位置，请在上面填写地址。"; };
    navigator.geolocation.getCurrentPosition(found, failed, { enableHighAccuracy: true, timeout: 10000 });
  }

  set(lon, lat) {
    this.lon.value = lon;
    this.lat.value = lat;
    this.said.textContent = "";
    this.show();
  }

  show() {
    const kept = Boolean(this.lon.value && this.lat.value);
    this.kept.hidden = !kept;
    this.ask.hidden = kept;
  }
}

customElements.define("portal-position", Position);
