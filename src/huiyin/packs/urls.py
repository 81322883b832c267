"""Addresses of briefing packs."""

from django.urls import path

from huiyin.packs import views

app_name = "packs"
urlpatterns = [
    path("", views.packs, name="packs"),
    path("make/", views.make, name="pack_make"),
    path("batches/<int:batch_id>/retry/", views.retry, name="pack_retry"),
    path("<int:pack_id>/", views.pack, name="pack"),
    path("<int:pack_id>/meeting/", views.meeting, name="pack_meeting"),
    path("<int:pack_id>/files/<str:form>/", views.download, name="pack_file"),
    path("<int:pack_id>/charts/<str:chart>/", views.chart, name="pack_chart"),
]
