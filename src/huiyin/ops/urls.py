"""Addresses for those who run the platform."""

from django.urls import path

from huiyin.ops import health, views

app_name = "ops"
urlpatterns = [
    path("", views.home, name="home"),
    path("health", health.health, name="health"),
]
