"""The case (工单): what was said, where it is in its life, who owns it. Written by the desk and the importer only."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from huiyin.cases.models.requester import Requester
from huiyin.domain.vocabulary import (
    Asked,
    Channel,
    Disposition,
    Grade,
    RequestType,
    Satisfaction,
    Status,
)

OPEN = Q(closed_at__isnull=True)
_TERMINAL = [str(Status.CLOSED), str(Status.MERGED), str(Status.CANCELLED)]


def _ids() -> ArrayField:
    return ArrayField(models.IntegerField(), default=list, blank=True)


class Case(models.Model):
    """One row a case. Units, areas, classes and staff are kept by number: their names come from the registry's cache,
    whose rows are dated and never deleted, so lists need no joins."""

    case_no = models.CharField(max_length=20, unique=True)
    requester = models.ForeignKey(Requester, on_delete=models.PROTECT, related_name="cases", db_index=False)
    channel = models.CharField(max_length=8, choices=Channel.choices())
    origin_line = models.CharField(max_length=40, default="", blank=True)
    title = models.CharField(max_length=200)
    content = models.TextField()
    address = models.CharField(max_length=200, default="", blank=True)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    anonymous = models.BooleanField(default=False)

    request_type = models.CharField(max_length=12, choices=RequestType.choices())
    class_code = models.CharField(max_length=6)
    grade = models.CharField(max_length=8, choices=Grade.choices())
    district_id = models.IntegerField(null=True)
    street_id = models.IntegerField(null=True)
    community_id = models.IntegerField(null=True)
    confidential = models.BooleanField(default=False)
    disposition = models.CharField(max_length=16, choices=Disposition.choices(), null=True)

    status = models.CharField(max_length=16, choices=Status.choices())
    seq = models.IntegerField()
    registered_at = models.DateTimeField()
    last_at = models.DateTimeField()

    lead_unit_id = models.IntegerField(null=True)
    first_unit_id = models.IntegerField(null=True)
    sub_unit_id = models.IntegerField(null=True)
    co_unit_ids = _ids()
    handler_id = models.IntegerField(null=True)
    dispatched_at = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)
    contacted_at = models.DateTimeField(null=True)
    feedback_requester_at = models.DateTimeField(null=True)
    feedback_hotline_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    warn_at = models.DateTimeField(null=True)  # yellow light of the handling clock, for lists

    resume_status = models.CharField(max_length=16, null=True)
    refused_unit_ids = _ids()
    denied_unit_ids = _ids()
    extension = models.CharField(max_length=10, choices=Asked.choices(), default=str(Asked.NONE))
    suspension = models.CharField(max_length=10, choices=Asked.choices(), default=str(Asked.NONE))
    suspended_at = models.DateTimeField(null=True)
    supervised = models.BooleanField(default=False)
    escalated = models.BooleanField(default=False)
    urge_count = models.SmallIntegerField(default=0)
    supplement_count = models.SmallIntegerField(default=0)
    round = models.SmallIntegerField(default=1)

    callback_attempts = models.SmallIntegerField(default=0)
    callback_tried = models.TextField(default="", blank=True)  # when nobody was reached: plans the next attempt
    callback_next_at = models.DateTimeField(null=True)
    callback_valid = models.BooleanField(null=True)
    contacted = models.BooleanField(null=True)
    solved = models.BooleanField(null=True)
    satisfaction = models.CharField(max_length=20, choices=Satisfaction.choices(), null=True)
    judged = models.BooleanField(default=False, db_default=False)
    merged_into_id = models.BigIntegerField(null=True)

    taxonomy_edition_id = models.IntegerField()
    catalogue_edition_id = models.IntegerField()
    limits_edition_id = models.IntegerField()
    proposal = models.JSONField(null=True)  # what the machine proposed, with confidence and reasons
    source = models.CharField(max_length=40, default="", blank=True)  # where an imported case came from …
    source_no = models.CharField(max_length=64, default="", blank=True)  # … and its number there

    class Meta:
        db_table = "hotline_case"
        constraints = [
            models.CheckConstraint(
                name="case_closed_at_iff_terminal",
                condition=Q(status__in=_TERMINAL, closed_at__isnull=False)
                | (~Q(status__in=_TERMINAL) & Q(closed_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="case_owned_once_dispatched",
                condition=Q(lead_unit_id__isnull=False) | ~Q(disposition=str(Disposition.DISPATCH)),
            ),
            models.UniqueConstraint(fields=["source", "source_no"], name="case_source_no", condition=~Q(source_no="")),
        ]
        indexes = [
            # A unit's desk, what is due first: (lead or second-level unit) among the open cases.
            models.Index(fields=["lead_unit_id", "due_at", "id"], name="case_open_lead", condition=OPEN),
            models.Index(
                fields=["sub_unit_id", "due_at", "id"],
                name="case_open_sub",
                condition=OPEN & Q(sub_unit_id__isnull=False),
            ),
            # The hotline's queues: waiting for dispatch, for a ruling, for a callback decision.
            models.Index(
                fields=["status", "registered_at", "id"],
                name="case_queue",
                condition=Q(status__in=["received", "return_requested", "called_back"]),
            ),
            models.Index(
                fields=["last_at", "id"],
                name="case_decisions",
                condition=OPEN & (Q(extension="requested") | Q(suspension="requested")),
            ),
            models.Index(
                fields=["callback_next_at", "id"],
                name="case_callbacks",
                condition=Q(status="callback_pending"),
            ),
            models.Index(fields=["due_at", "id"], name="case_replied", condition=Q(status="replied")),
            # Overview and district lists over what is open; and the same problem at the same place.
            models.Index(fields=["district_id", "due_at", "id"], name="case_open_district", condition=OPEN),
            models.Index(fields=["street_id", "class_code", "id"], name="case_open_place", condition=OPEN),
            # Searches in time order, whole city or by unit; history of a caller.
            models.Index(fields=["-registered_at", "-id"], name="case_newest"),
            models.Index(fields=["lead_unit_id", "-registered_at", "-id"], name="case_of_unit"),
            models.Index(
                fields=["sub_unit_id", "-registered_at", "-id"],
                name="case_of_sub",
                condition=Q(sub_unit_id__isnull=False),
            ),
            GinIndex(fields=["co_unit_ids"], name="case_of_co_unit"),
            models.Index(fields=["street_id", "-registered_at", "-id"], name="case_of_street"),
            models.Index(fields=["requester", "-registered_at"], name="case_of_requester"),
            models.Index(fields=["-closed_at"], name="case_closed", condition=~OPEN),
            models.Index(fields=["merged_into_id"], name="case_merged_into", condition=Q(merged_into_id__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.case_no
