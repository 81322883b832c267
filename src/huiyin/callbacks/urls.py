"""Addresses of the callback desk."""

from django.urls import path

from huiyin.callbacks import views

app_name = "callbacks"
urlpatterns = [
    path("", views.show, name="queue"),
    path("stamp/", views.stamp, name="stamp"),
    path("<str:case_no>/", views.ask, name="ask"),
    path("<str:case_no>/number/", views.number, name="number"),
]
