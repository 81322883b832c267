"""The addresses of the console."""

from django.urls import path

from huiyin.intake.views import console, existing, keeping, knowledge, lookups

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
    path("cases/<int:pk>/", existing.peek, name="peek"),
    path("cases/<int:pk>/supplement/", existing.supplement, name="supplement"),
    path("cases/<int:pk>/urge/", existing.urge, name="urge"),
]
