"""The addresses of the staff's own pages; signing in is in entrance_urls.py."""

from django.urls import path

from huiyin.accounts import audit, sign_in, views

app_name = "accounts"
urlpatterns = [
    path("desk/", views.home, name="home"),
    path("me/", views.profile, name="profile"),
    path("me/post/", views.switch_post, name="switch_post"),
    path("accounts/demo/<int:pk>/", sign_in.demo_sign_in, name="demo_sign_in"),
    path("staff/", views.staff_list, name="staff_list"),
    path("staff/new/", views.staff_create, name="staff_create"),
    path("staff/units/", views.unit_options, name="unit_options"),
    path("staff/<int:pk>/", views.staff_detail, name="staff_detail"),
    path("staff/<int:pk>/posts/", views.post_add, name="post_add"),
    path("staff/<int:pk>/posts/<int:post_pk>/end/", views.post_end, name="post_end"),
    path("staff/<int:pk>/active/", views.staff_active, name="staff_active"),
    path("staff/<int:pk>/password/", views.staff_password, name="staff_password"),
    path("staff/<int:pk>/unlock/", views.staff_unlock, name="staff_unlock"),
    path("staff/<int:pk>/second-factor/", views.staff_second_factor, name="staff_second_factor"),
    path("audit/", audit.audit, name="audit"),
]
