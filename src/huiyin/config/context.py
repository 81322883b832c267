"""What every template knows about this installation."""

from django.conf import settings
from django.http import HttpRequest

from huiyin import __version__


def platform(request: HttpRequest) -> dict[str, object]:
    return {"platform": {"demo": settings.DEMO, "version": __version__}}
