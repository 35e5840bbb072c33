"""Every table, one import: `from bot.db.models import Client`."""

from bot.db.models.base import NAMING_CONVENTION, Base, Meta
from bot.db.models.clients import (
    Account,
    Client,
    Complaint,
    Contact,
    FeeRequest,
    MonthlyActivity,
    Position,
    Trade,
    Transfer,
)
from bot.db.models.house import ROLES, Branch, Staff
from bot.db.models.learning import READING_KINDS, READING_STATUSES, Reading
from bot.db.models.visits import OUTCOMES, VISIT_STATUSES, FollowUp, Visit, VisitEvent

__all__ = [
    "NAMING_CONVENTION",
    "OUTCOMES",
    "READING_KINDS",
    "READING_STATUSES",
    "ROLES",
    "VISIT_STATUSES",
    "Account",
    "Base",
    "Branch",
    "Client",
    "Complaint",
    "Contact",
    "FeeRequest",
    "FollowUp",
    "Meta",
    "MonthlyActivity",
    "Position",
    "Reading",
    "Staff",
    "Trade",
    "Transfer",
    "Visit",
    "VisitEvent",
]
