"""Addresses of the callbacks that are not of the desk: the gateway's receipts. The citizen's page is the portal's."""

from django.urls import path

from huiyin.callbacks import receipts

app_name = "callback_messages"
urlpatterns = [path("receipts/", receipts.receive, name="receipts")]
