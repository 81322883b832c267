"""The product's settings on a scratch database of this test process's own."""

import os
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent
_SCRATCH = _ROOT / "var/test"
for _name in [name for name in os.environ if name.startswith("HUIYIN_") and not name.startswith("HUIYIN_TEST_")]:
    del os.environ[_name]  # a developer's own settings must not change what the tests say
os.environ["HUIYIN_DATA_DIR"] = str(_SCRATCH / "data")

from tests import scratch  # noqa: E402

os.environ["HUIYIN_DATABASE_URL"] = scratch.server_url(_SCRATCH / "postgres")

from huiyin.config.settings import *  # noqa: E402, F403
from huiyin.config.settings import DATABASES, STORAGES  # noqa: E402

# Each run has a database of its own name, so that several runs can share the scratch server.
DATABASES["default"]["TEST"] = {"NAME": scratch.database_name()}
DATABASES["default"]["OPTIONS"].pop("pool")  # a pool would hold the test database open while it is dropped
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # the real one is slow by design
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
CALLBACK_SEND_FROM, CALLBACK_SEND_UNTIL = 0, 24  # tests run at any hour; those of the quiet hours set them
