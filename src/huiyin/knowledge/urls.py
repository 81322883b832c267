"""Addresses of the knowledge base."""

from django.urls import path

from huiyin.knowledge.views import entries, gaps, uploads

app_name = "knowledge"
urlpatterns = [
    path("", entries.entry_list, name="entries"),
    path("new/", entries.new, name="entry_new"),
    path("preview/", entries.preview, name="entry_preview"),
    path("import/", uploads.upload, name="entry_import"),
    path("gaps/", gaps.gap_list, name="gaps"),
    path("gaps/<int:gap_id>/solve/", gaps.solve, name="solve_gap"),
    path("gaps/<int:gap_id>/dismiss/", gaps.dismiss, name="dismiss_gap"),
    path("<int:entry_id>/", entries.entry, name="entry"),
    path("<int:entry_id>/edit/", entries.edit, name="entry_edit"),
    path("<int:entry_id>/publish/", entries.publish, name="entry_publish"),
    path("<int:entry_id>/withdraw/", entries.withdraw, name="entry_withdraw"),
    path("<int:entry_id>/compare/", entries.compare, name="entry_compare"),
    path("<int:entry_id>/versions/<int:version_number>/restore/", entries.restore, name="entry_restore"),
]
