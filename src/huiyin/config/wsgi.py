"""The web application as the server loads it."""

import multiprocessing
import os
import signal

from django.core.wsgi import get_wsgi_application

from huiyin.ops.child import end_with_parent

if multiprocessing.parent_process() is not None:
    # A web worker: were its parent killed, it would go on answering on the shared port with the old code.
    end_with_parent(signal.SIGKILL)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huiyin.config.settings")
application = get_wsgi_application()
