"""Addresses of 七有五性."""

from django.urls import path

from huiyin.indicators.views import reports, scores, trees

app_name = "indicators"
urlpatterns = [
    path("", scores.home, name="home"),
    path("trend/", scores.trend, name="indicator_trend"),
    path("assess/", scores.assess, name="assess"),
    path("upload/", reports.upload, name="report_upload"),
    path("missing/", reports.missing, name="missing"),
    path("blank/", reports.blank, name="report_blank"),
    path("reports/<int:area_id>/<str:node_code>/", scores.history, name="report_history"),
    path("trees/", trees.tree_list, name="trees"),
    path("trees/load/", trees.load, name="tree_load"),
    path("trees/<int:tree_number>/", trees.tree, name="tree"),
    path("trees/<int:tree_number>/draft/", trees.draft, name="tree_draft"),
    path("trees/<int:tree_number>/head/", trees.head, name="tree_head"),
    path("trees/<int:tree_number>/weights/", trees.weights, name="tree_weights"),
    path("trees/<int:tree_number>/compare/", trees.compare, name="tree_compare"),
    path("trees/<int:tree_number>/publish/", trees.publish, name="tree_publish"),
    path("trees/<int:tree_number>/discard/", trees.discard, name="tree_discard"),
    path("trees/<int:tree_number>/nodes/<str:node_code>/", trees.node_edit, name="node_edit"),
    path("trees/<int:tree_number>/nodes/<str:node_code>/new/", trees.node_new, name="node_new"),
    path("trees/<int:tree_number>/nodes/<str:node_code>/remove/", trees.node_remove, name="node_remove"),
    path("<str:period>/<int:area_id>/", scores.profile, name="district"),
    path("<str:period>/<int:area_id>/<str:node_code>/", scores.dimension, name="dimension"),
    path("<str:period>/<int:area_id>/<str:node_code>/cases/", scores.item_cases, name="item_cases"),
]
