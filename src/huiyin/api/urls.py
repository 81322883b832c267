"""The room's addresses: the API itself, and the administrators' pages for tokens and webhooks."""

from django.urls import path, re_path

from huiyin.api import pages
from huiyin.api.edge import nothing_here
from huiyin.api.v1 import api

app_name = "api"

urlpatterns = [
    path("api/v1/", api.urls),
    re_path(r"^api/(?P<rest>.*)$", nothing_here, name="nothing_here"),
    path("api-tokens/", pages.tokens, name="tokens"),
    path("api-tokens/<int:token_id>/revoke/", pages.revoke_token, name="revoke_token"),
    path("webhooks/", pages.webhooks, name="webhooks"),
    path("webhooks/<int:webhook_id>/", pages.webhook, name="webhook"),
    path("webhooks/<int:webhook_id>/switch/", pages.switch_webhook, name="switch_webhook"),
    path("webhooks/<int:webhook_id>/remove/", pages.remove_webhook, name="remove_webhook"),
    path("webhooks/<int:webhook_id>/deliveries/<int:delivery_id>/resend/", pages.resend, name="resend"),
]
