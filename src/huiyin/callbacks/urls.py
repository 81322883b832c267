"""Addresses of the callback desk and of sampling."""

from django.urls import path

from huiyin.callbacks import link_views, plan_views, views

app_name = "callbacks"
urlpatterns = [
    path("", views.show, name="queue"),
    path("stamp/", views.stamp, name="stamp"),
    path("plans/", plan_views.show, name="plans"),
    path("plans/new/", plan_views.enter, name="plan_new"),
    path("plans/<int:plan_id>/withdraw/", plan_views.withdraw, name="plan_withdraw"),
    path("frames/<int:frame_id>/", plan_views.frame, name="frame"),
    path("<str:case_no>/", views.ask, name="ask"),
    path("<str:case_no>/number/", views.number, name="number"),
    path("<str:case_no>/invite/", link_views.invite, name="invite"),
    path("<str:case_no>/again/", link_views.again, name="again"),
    path("<str:case_no>/beside/", link_views.beside, name="beside"),
]
