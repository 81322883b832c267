"""The tables of the callbacks: links sent to citizens, the messages that carry them, second answers."""

from huiyin.callbacks.models.invitation import Invitation, Message
from huiyin.callbacks.models.second_answer import SecondAnswer

__all__ = ["Invitation", "Message", "SecondAnswer"]
