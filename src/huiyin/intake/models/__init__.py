"""What intake keeps beside the cases: unfinished entries, how long finished ones took, files of cases brought in."""

from huiyin.intake.models.draft import Draft
from huiyin.intake.models.file_import import FileImport, ImportState
from huiyin.intake.models.filing import Filing

__all__ = ["Draft", "FileImport", "Filing", "ImportState"]
