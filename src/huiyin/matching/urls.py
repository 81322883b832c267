"""The addresses of matters; a case's own are under of/."""

from django.urls import path, re_path

from huiyin.matching import case_views, views

app_name = "matching"
_NUMBER = r"(?P<number>\d[\d-]{5,30})"

urlpatterns = [
    path("", views.matters, name="matters"),
    path("<int:pk>/", views.matter, name="matter"),
    path("<int:pk>/add/", views.add, name="add"),
    path("<int:pk>/split/", views.split, name="split"),
    path("<int:pk>/describe/", views.describe, name="describe"),
    re_path(rf"^of/{_NUMBER}/$", case_views.panel, name="panel"),
    re_path(rf"^of/{_NUMBER}/join/$", case_views.join, name="join"),
    re_path(rf"^of/{_NUMBER}/apart/$", case_views.apart, name="apart"),
]
