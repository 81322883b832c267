"""Addresses of the learning page."""

from django.urls import path

from huiyin.learning import views

app_name = "learning"
urlpatterns = [
    path("", views.show, name="home"),
    path("cases/", views.cases, name="cases"),
    path("switch/", views.switch, name="switch"),
    path("models/<int:version_number>/", views.card, name="card"),
    path("models/<int:version_number>/use/", views.use, name="use"),
]
