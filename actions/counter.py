"""The actions of a counter visit: each names itself and the one service it calls."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, UserUtteranceReverted
from rasa_sdk.executor import CollectingDispatcher

from actions.base import DeskAction
from bot.visits.answering import show_toolbox, why_this_step
from bot.visits.desk import Service
from bot.visits.lawful import check_words
from bot.visits.opening import business_question, look_up_client, new_visit, show_queue, small_talk
from bot.visits.outcome import record_outcome
from bot.visits.walking import walk_case
from bot.visits.working_out import work_out_commission


class Walk(DeskAction):
    """Walks the case: every reason, reaction and walking command."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_walk"

    @property
    def service(self) -> Service:
        """The desk service."""
        return walk_case


class LookUpClient(DeskAction):
    """Opens a client's file."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_look_up_client"

    @property
    def service(self) -> Service:
        """The desk service."""
        return look_up_client


class WorkOutCommission(DeskAction):
    """Works the commission out."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_work_out_commission"

    @property
    def service(self) -> Service:
        """The desk service."""
        return work_out_commission


class ShowToolbox(DeskAction):
    """Shows what the toolbox has to say."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_show_toolbox"

    @property
    def service(self) -> Service:
        """The desk service."""
        return show_toolbox


class WhyThisStep(DeskAction):
    """Explains the present step."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_why_this_step"

    @property
    def service(self) -> Service:
        """The desk service."""
        return why_this_step


class RecordOutcome(DeskAction):
    """Records how the visit ended."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_record_outcome"

    @property
    def service(self) -> Service:
        """The desk service."""
        return record_outcome


class NewVisit(DeskAction):
    """Begins the next visit."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_new_visit"

    @property
    def service(self) -> Service:
        """The desk service."""
        return new_visit


class ShowQueue(DeskAction):
    """Lists today's waiting clients."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_show_queue"

    @property
    def service(self) -> Service:
        """The desk service."""
        return show_queue


class AnswerBusiness(DeskAction):
    """Answers counter business without a leaving reason."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_answer_business"

    @property
    def service(self) -> Service:
        """The desk service."""
        return business_question


class CheckWords(DeskAction):
    """Says whether a sentence may be said to a client."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_check_words"

    @property
    def service(self) -> Service:
        """The desk service."""
        return check_words


class SmallTalk(DeskAction):
    """Greets, thanks, helps, and says what it cannot do."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_small_talk"

    @property
    def service(self) -> Service:
        """The desk service."""
        return small_talk


class Fallback(SmallTalk):
    """Answers a text of which Rasa could make nothing, such as an empty one."""

    def name(self) -> str:
        """Rasa's name of the action; its own would take the talk one turn back in silence."""
        return "action_default_fallback"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Answer, and take the turn back: otherwise Rasa would predict the fallback over and over."""
        await super().run(dispatcher, tracker, domain)
        return [UserUtteranceReverted()]
