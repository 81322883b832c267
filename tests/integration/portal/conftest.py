"""A citizen with a browser: fills in the form, keeps the receipt, comes back with number and code."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from huiyin.cases import numbers
from huiyin.cases.models import Case

NAME, PHONE = "欧阳靖雯", "19900007788"
File = Callable[..., Case]


@pytest.fixture(autouse=True)
def _no_counts_of_other_tests() -> None:
    cache.clear()


@pytest.fixture
def file(client: Client, city: None) -> File:
    """file(content=…, …) → the case that this browser filed."""

    def send(**changes: Any) -> Case:
        response = client.post("/report/", matter(**changes))
        assert response.status_code == 302, response.context["form"].errors
        return Case.objects.latest("id")

    return send


def matter(**changes: Any) -> dict[str, Any]:
    return {
        "content": "楼道里的灯坏了三个月，晚上老人上下楼很危险，请尽快修好",
        "phone": PHONE,
        "requester_name": NAME,
        "token": "page-1",
        **changes,
    }


def code_of(case: Case) -> str:
    return numbers.access_code(case.case_no, secret=settings.DATA_KEY)


def open_case(client: Client, case: Case, **extra: Any) -> Any:
    told = {"number": numbers.grouped(case.case_no), "code": code_of(case)}
    return client.post("/progress/", told, **extra)


def picture(name: str = "现场.jpg") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")
