"""The web application as the server loads it."""

import gc
import logging
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


def _warm_up() -> None:
    """Reads the registry now rather than during the first caller's request; an installation still empty has nothing."""
    from django.db import DatabaseError, close_old_connections
    from django.utils import timezone

    from huiyin.intake.warming import warm
    from huiyin.registry.rulebook import NoEdition

    try:
        warm(now=timezone.now())
    except (NoEdition, DatabaseError) as nothing_yet:
        logging.getLogger(__name__).info("not warmed up: %s", nothing_yet)
    finally:
        close_old_connections()
    # What was read stays for good: the garbage collector need not walk through it again and again.
    gc.collect()
    gc.freeze()


_warm_up()
