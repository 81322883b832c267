"""Addresses of suspected gaming."""

from django.urls import path

from huiyin.evaluation import gaming_views

urlpatterns = [
    path("suspicions/", gaming_views.show, name="suspicions"),
    path("suspicions/<int:suspicion_id>/", gaming_views.one, name="suspicion"),
    path("suspicions/<int:suspicion_id>/cases/<str:sign>/", gaming_views.cases, name="suspicion_cases"),
]
