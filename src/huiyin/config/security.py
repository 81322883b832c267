"""Decides what a page may load: our own files only, no inline script, no eval."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# style-src-attr: ECharts and Leaflet place their boxes through style attributes; style sheets stay our own.
# data: images: the icons inside Tabler's style sheet. blob: images: the preview of a photo before it is sent.
POLICY = "; ".join(
    [
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "style-src-attr 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "media-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)
PERMISSIONS = "camera=(self), geolocation=(self), microphone=(self), payment=(), usb=()"


class ContentSecurityPolicy:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        return response
