"""The verbs of the desk: what an officer does at a counter, each registered where it is defined."""

from mpp.actions.desk import calling, holding, parking, sending, serving, undoing
from mpp.actions.desk.desk import DESK

__all__ = ["DESK", "calling", "holding", "parking", "sending", "serving", "undoing"]
