"""The citizen's addresses. No case's number or code is ever part of one; a link to judge by is signed and used once."""

from django.urls import path

from huiyin.portal.views import answers, draws, entrance, following, link, photo_files, reporting

app_name = "portal"
urlpatterns = [
    path("", entrance.home, name="home"),
    path("answers/", answers.answers, name="answers"),
    path("answers/<int:entry_id>/", answers.one_answer, name="one_answer"),
    path("draws/", draws.draws, name="draws"),
    path("report/", reporting.report, name="report"),
    path("report/done/", reporting.receipt, name="receipt"),
    path("report/places/", reporting.places, name="places"),
    path("report/photos/", photo_files.send, name="send_photo"),
    path("report/photos/<int:pk>/", photo_files.picture, name="picture"),
    path("report/photos/<int:pk>/small/", photo_files.thumbnail, name="thumbnail"),
    path("report/photos/<int:pk>/remove/", photo_files.remove, name="remove_photo"),
    path("progress/", following.find, name="find"),
    path("progress/case/", following.show, name="case"),
    path("progress/stamp/", following.stamp, name="stamp"),
    path("progress/add/", following.supplement, name="supplement"),
    path("progress/urge/", following.urge, name="urge"),
    path("progress/judge/", following.judge, name="judge"),
    path("progress/leave/", following.leave, name="leave"),
    path("hf/<str:token>/", link.judge, name="link"),
]
