"""Addresses of exclusions and appeals: the desk, one of each, what a unit asks from the case's page, the shares."""

from django.urls import path

from huiyin.evaluation import asking_views, review_views, share_views

urlpatterns = [
    path("reviews/", review_views.show, name="reviews"),
    path("reviews/stamp/", review_views.stamp, name="reviews_stamp"),
    path("exclusions/<int:exclusion_id>/", review_views.exclusion, name="exclusion"),
    path("appeals/<int:appeal_id>/", review_views.appeal, name="appeal"),
    path("shares/", share_views.show, name="shares"),
    path("shares/<str:code>/draw/", share_views.draw, name="recheck_draw"),
    path("of/<str:case_no>/", asking_views.of_case, name="of_case"),
    path("of/<str:case_no>/apply/", asking_views.apply, name="apply"),
    path("of/<str:case_no>/appeal/", asking_views.file_appeal, name="file_appeal"),
]
