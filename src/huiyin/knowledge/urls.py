"""Addresses of the knowledge base."""

from django.urls import path

from huiyin.knowledge.views import entries, gaps, uploads

app_name = "knowledge"
urlpatterns = [
    path("", entries.entry_list, name="list"),
    path("new/", entries.new, name="new"),
    path("preview/", entries.preview, name="preview"),
    path("import/", uploads.upload, name="import"),
    path("gaps/", gaps.gap_list, name="gaps"),
    path("gaps/<int:gap_id>/solve/", gaps.solve, name="solve_gap"),
    path("gaps/<int:gap_id>/dismiss/", gaps.dismiss, name="dismiss_gap"),
    path("<int:entry_id>/", entries.entry, name="entry"),
    path("<int:entry_id>/edit/", entries.edit, name="edit"),
    path("<int:entry_id>/publish/", entries.publish, name="publish"),
    path("<int:entry_id>/withdraw/", entries.withdraw, name="withdraw"),
    path("<int:entry_id>/compare/", entries.compare, name="compare"),
    path("<int:entry_id>/versions/<int:number>/restore/", entries.restore, name="restore"),
]
