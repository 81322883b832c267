"""The style guide's addresses."""

from django.urls import path

from huiyin.ui import views

app_name = "ui"
urlpatterns = [
    path("", views.guide, name="guide"),
    path("options/", views.options, name="options"),
    path("dialog/", views.dialog, name="dialog"),
    path("stamp/", views.stamp, name="stamp"),
]
