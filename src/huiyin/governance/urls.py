"""Addresses of governed streets and talks."""

from django.urls import path

from huiyin.governance import views

app_name = "governance"
urlpatterns = [
    path("", views.home, name="governed"),
    path("enter/<int:unit_id>/", views.enter, name="govern"),
    path("streets/<int:street_id>/", views.street, name="street"),
    path("streets/<int:street_id>/plan/", views.plan, name="plan"),
    path("streets/<int:street_id>/measures/", views.measure, name="measure"),
    path("streets/<int:street_id>/residents/", views.residents, name="residents"),
    path("streets/<int:street_id>/decide/<str:what>/", views.decide, name="govern_decide"),
    path("measures/<int:measure_id>/", views.settle, name="settle"),
    path("talks/", views.talks, name="talks"),
    path("talks/<int:talk_id>/", views.talk, name="talk"),
]
