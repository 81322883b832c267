"""The room's addresses: the board and periods, exclusions and appeals, signs of gaming."""

from django.urls import URLPattern

from huiyin.evaluation import board_urls, exclusion_urls, gaming_urls

app_name = "evaluation"
urlpatterns: list[URLPattern] = [
    *exclusion_urls.urlpatterns,
    *gaming_urls.urlpatterns,
    *board_urls.urlpatterns,
]
