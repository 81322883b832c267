"""The addresses of the console."""

from django.urls import path

from huiyin.intake.views import console, existing, imports, keeping, knowledge, lookups

app_name = "intake"
urlpatterns = [
    path("", console.console, name="console"),
    path("advice/", lookups.advice, name="advice"),
    path("knowledge/", knowledge.knowledge, name="knowledge"),
    path("knowledge/gap/", knowledge.knowledge_gap, name="knowledge_gap"),
    path("caller/", lookups.caller, name="caller"),
    path("classes/", lookups.classes, name="classes"),
    path("places/", lookups.places, name="places"),
    path("drafts/", keeping.save, name="save_draft"),
    path("drafts/<uuid:key>/discard/", keeping.discard, name="discard_draft"),
    path("imports/", imports.imports, name="imports"),
    path("imports/sample/", imports.sample, name="import_sample"),
    path("imports/<int:import_id>/", imports.one, name="import"),
    path("imports/<int:import_id>/start/", imports.start, name="import_start"),
    path("imports/<int:import_id>/rejects/", imports.rejects, name="import_rejects"),
    path("imports/<int:import_id>/remove/", imports.remove, name="import_remove"),
    path("cases/<int:pk>/", existing.peek, name="peek"),
    path("cases/<int:pk>/supplement/", existing.supplement, name="supplement"),
    path("cases/<int:pk>/urge/", existing.urge, name="urge"),
]
