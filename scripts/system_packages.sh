#!/bin/sh
# Decides which Debian packages are missing for set-up and tests; installs them as root, else names them.
set -eu
python=${PYTHON:-python3}
missing=""
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed" >&2; exit 1; }
"$python" -c 'import ensurepip, venv' 2>/dev/null || missing="$missing python3-venv"
command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
ls /usr/share/fonts/opentype/noto/NotoSansCJK* >/dev/null 2>&1 || missing="$missing fonts-noto-cjk"
[ -n "$missing" ] || { echo "  nothing missing"; exit 0; }

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "  installing:$missing"
  apt-get update -qq
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
elif echo "$missing" | grep -q python3-venv; then
  echo "  missing:$missing; install with: sudo apt-get install$missing" >&2
  exit 1
else
  echo "  without$missing the browser tests are skipped; install with: sudo apt-get install$missing"
fi
