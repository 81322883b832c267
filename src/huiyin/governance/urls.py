"""Addresses of governed streets and talks."""

from django.urls import path

from huiyin.governance.views import acts, residents, streets, talks

app_name = "governance"
urlpatterns = [
    path("", streets.home, name="governed"),
    path("enter/<int:unit_id>/", acts.enter, name="govern"),
    path("of/<int:unit_id>/", streets.of_unit, name="governed_mark"),
    path("streets/<int:street_id>/", streets.street, name="governed_street"),
    path("streets/<int:street_id>/plan/", acts.plan, name="governed_plan"),
    path("streets/<int:street_id>/measures/", acts.measure, name="governed_measure"),
    path("streets/<int:street_id>/note/", acts.note, name="governed_note"),
    path("streets/<int:street_id>/decide/<str:move>/", acts.decide, name="governed_decide"),
    path("measures/<int:measure_id>/", acts.settle, name="governed_settle"),
    path("residents/", residents.upload, name="residents"),
    path("residents/blank/", residents.blank, name="residents_blank"),
    path("talks/", talks.talks, name="talks"),
    path("talks/call/", talks.call, name="talk_call"),
    path("talks/<int:talk_id>/", talks.talk, name="talk"),
    path("talks/<int:talk_id>/hold/", talks.hold, name="talk_hold"),
    path("talks/<int:talk_id>/close/", talks.close, name="talk_close"),
    path("talks/<int:talk_id>/drop/", talks.drop, name="talk_drop"),
]
