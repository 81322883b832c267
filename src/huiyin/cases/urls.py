"""The addresses of the case pages. Fixed words come before numbers: a case's number is digits, perhaps grouped."""

from django.urls import path, re_path

from huiyin.cases import desk_views, file_views, option_views, overview_views, search_views, views

app_name = "cases"
_NUMBER = r"(?P<number>\d[\d-]{5,30})"

urlpatterns = [
    path("", search_views.search, name="search"),
    path("desk/", desk_views.inbox, name="desk"),
    path("desk/sign/", desk_views.sign_many, name="sign_many"),
    path("desk/team/", desk_views.team, name="team"),
    path("overview/", overview_views.show, name="overview"),
    path("overview/stamp/", overview_views.stamp, name="overview_stamp"),
    path("overview/outlines/", overview_views.boundaries, name="overview_outlines"),
    path("notices/", desk_views.notices, name="notices"),
    path("notices/unread/", desk_views.unread, name="unread"),
    path("live/", desk_views.live, name="live"),
    path("options/<str:kind>/", option_views.options, name="options"),
    path("files/", file_views.upload, name="upload"),
    path("files/<int:pk>/", file_views.download, name="file"),
    path("files/<int:pk>/small/", file_views.thumbnail, name="thumbnail"),
    path("files/<int:pk>/remove/", file_views.remove, name="remove_file"),
    re_path(rf"^{_NUMBER}/$", views.page, name="page"),
    re_path(rf"^{_NUMBER}/stamp/$", views.stamp, name="stamp"),
    re_path(rf"^{_NUMBER}/do/(?P<action>[a-z_]+)/$", views.do, name="do"),
    re_path(rf"^{_NUMBER}/reveal/(?P<field>[a-z_]+)/$", views.reveal, name="reveal"),
]
