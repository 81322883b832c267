"""Addresses of the dispatcher's desk."""

from django.urls import path

from huiyin.dispatching import views

app_name = "dispatching"
urlpatterns = [
    path("", views.show, name="queue"),
    path("stamp/", views.stamp, name="stamp"),
    path("accept/", views.accept_many, name="accept"),
    path("<str:case_no>/", views.decide, name="decide"),
    path("<str:case_no>/unit/", views.propose_again, name="unit"),
]
