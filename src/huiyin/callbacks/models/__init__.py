"""The tables of the callbacks: links sent to citizens, the messages that carry them, second answers, samples."""

from huiyin.callbacks.models.invitation import Invitation, Message
from huiyin.callbacks.models.sampling import Frame, FrameCase, Plan
from huiyin.callbacks.models.second_answer import SecondAnswer

__all__ = ["Frame", "FrameCase", "Invitation", "Message", "Plan", "SecondAnswer"]
