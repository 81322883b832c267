"""Addresses of the callback desk."""

from django.urls import path

from huiyin.callbacks import link_views, views

app_name = "callbacks"
urlpatterns = [
    path("", views.show, name="queue"),
    path("stamp/", views.stamp, name="stamp"),
    path("<str:case_no>/", views.ask, name="ask"),
    path("<str:case_no>/number/", views.number, name="number"),
    path("<str:case_no>/invite/", link_views.invite, name="invite"),
    path("<str:case_no>/again/", link_views.again, name="again"),
    path("<str:case_no>/beside/", link_views.beside, name="beside"),
]
