"""The addresses of the registry's pages and type-aheads."""

from django.urls import path

from huiyin.registry.views import calendar, dated, editions, history, options, rows, trial

app_name = "registry"
urlpatterns = [
    path("", editions.home, name="home"),
    path("units/", dated.unit_list, name="unit_list"),
    path("units/new/", dated.unit_create, name="unit_create"),
    path("units/<int:pk>/", dated.unit_edit, name="unit_edit"),
    path("areas/", dated.area_list, name="area_list"),
    path("areas/new/", dated.area_create, name="area_create"),
    path("areas/<int:pk>/", dated.area_edit, name="area_edit"),
    path("places/", dated.place_list, name="place_list"),
    path("places/new/", dated.place_create, name="place_create"),
    path("places/<int:pk>/", dated.place_edit, name="place_edit"),
    path("calendar/", calendar.year, name="calendar"),
    path("calendar/notice/", calendar.notice, name="calendar_notice"),
    path("calendar/day/", calendar.day, name="calendar_day"),
    path("calendar/day/<str:day>/remove/", calendar.remove, name="calendar_remove"),
    path("editions/<str:kind>/", editions.edition_list, name="edition_list"),
    path("editions/<str:kind>/draft/", editions.draft, name="edition_draft"),
    path("edition/<int:pk>/", editions.edition, name="edition"),
    path("edition/<int:pk>/compare/", editions.compare, name="edition_compare"),
    path("edition/<int:pk>/publish/", editions.publish, name="edition_publish"),
    path("edition/<int:pk>/withdraw/", editions.withdraw, name="edition_withdraw"),
    path("edition/<int:pk>/discard/", editions.discard, name="edition_discard"),
    path("edition/<int:pk>/<str:what>/new/", rows.row_create, name="row_create"),
    path("edition/<int:pk>/<str:what>/<int:row_pk>/", rows.row_edit, name="row_edit"),
    path("edition/<int:pk>/<str:what>/<int:row_pk>/remove/", rows.row_remove, name="row_remove"),
    path("try/", trial.trial, name="trial"),
    path("history/", history.history, name="history"),
    path("options/units/", options.units, name="unit_options"),
    path("options/areas/", options.areas, name="area_options"),
    path("options/places/", options.places, name="place_options"),
    path("options/classes/", options.classes, name="class_options"),
]
