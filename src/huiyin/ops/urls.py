"""Addresses for those who run the platform."""

from django.urls import path

from huiyin.ops import health

app_name = "ops"
urlpatterns = [path("health", health.health, name="health")]
