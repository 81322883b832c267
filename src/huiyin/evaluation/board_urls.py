"""Addresses of the board, of unit cards, of cases behind figures, and of the period desk."""

from django.urls import path

from huiyin.evaluation import board_views, nonresponse_views, period_views, unit_views

urlpatterns = [
    path("", board_views.show, name="board"),
    path("stamp/", board_views.stamp, name="stamp"),
    path("plots/", board_views.show_plots, name="plots"),
    path("nonresponse/", nonresponse_views.show, name="nonresponse"),
    path("nonresponse/<str:group>/<int:unit_id>/", nonresponse_views.one, name="nonresponse_unit"),
    path("own/", unit_views.own, name="own"),
    path("periods/", period_views.show_all, name="periods"),
    path("periods/<str:code>/", period_views.show, name="period"),
    path("periods/<str:code>/stamp/", period_views.stamp, name="period_stamp"),
    path("periods/<str:code>/<str:step>/", period_views.take, name="period_step"),
    path("<str:code>/export/", board_views.export, name="export"),
    path("<str:code>/fingerprint/", period_views.fingerprint, name="fingerprint"),
    path("<str:code>/cases/", unit_views.cases, name="cases"),
    path("<str:code>/<str:group>/<int:unit_id>/", unit_views.show, name="unit"),
]
