"""Why cards are blocked, ended, spoiled and moved; where they go."""

from typing import Final

from cardservice.domain.channels import Delivery
from cardservice.domain.stock import Movement
from cardservice.personalization.jobs import Work
from cardservice.registry.cards import BlockReason, Loss, TerminationReason, UnblockReason
from cardservice.registry.cards_service import ServiceGround
from cardservice.registry.delivery_hand_over import OldCard
from cardservice.registry.stations_orders import CancelReason, SpoilReason
from cardservice.registry.stock import StockGround
from cardservice.texts.office.names import Names

MAKING: Final = (
    Names(
        "block-reason",
        {
            BlockReason.MISLAID: "Mislaid",
            BlockReason.HOLDER_ASKED: "The holder asked",
            BlockReason.MISUSE_SUSPECTED: "Misuse suspected",
            BlockReason.POLICY_SUSPENDED: "The policy is suspended",
        },
        of=BlockReason,
    ),
    Names(
        "unblock-reason",
        {
            UnblockReason.FOUND: "Found",
            UnblockReason.HOLDER_ASKED: "The holder asked",
            UnblockReason.SUSPICION_CLEARED: "The suspicion was cleared",
            UnblockReason.POLICY_RESUMED: "The policy is in force again",
            UnblockReason.BLOCKED_BY_MISTAKE: "Blocked by mistake",
        },
        of=UnblockReason,
    ),
    Names(
        "loss",
        {
            Loss.LOST: "Lost",
            Loss.STOLEN: "Stolen",
        },
        of=Loss,
    ),
    Names(
        "termination-reason",
        {
            TerminationReason.LOST: "Lost",
            TerminationReason.STOLEN: "Stolen",
            TerminationReason.DAMAGED: "Damaged",
            TerminationReason.REPLACED: "Replaced by a new one",
            TerminationReason.FAULTY: "Faulty",
            TerminationReason.EXPIRED: "Term ended",
            ServiceGround.HOLDER_ASKED: "The holder asked",
        },
        of=TerminationReason,
    ),
    Names(
        "spoil-reason",
        {
            SpoilReason.DAMAGED: "Damaged",
            SpoilReason.FAULTY: "Faulty",
            SpoilReason.WRONG_DATA: "Wrong data",
            SpoilReason.LOST_ON_THE_WAY: "Lost on the way",
        },
        of=SpoilReason,
    ),
    Names(
        "cancel-reason",
        {
            CancelReason.NOT_WANTED: "Not wanted any more",
            CancelReason.POLICY_CLOSED: "The policy was closed",
            CancelReason.ORDERED_BY_MISTAKE: "Ordered by mistake",
            CancelReason.NEVER_COLLECTED: "Never collected",
        },
        of=CancelReason,
    ),
    Names(
        "card-work",
        {
            Work.NEW_CARD: "New card",
            Work.CHANGE_INSURER: "Insurer written to the card",
            Work.NEW_PIN: "New PIN and PUK",
            Work.NEW_CAN: "New number on the card (CAN)",
            Work.UNBLOCK_PIN: "PIN unblocked with the PUK",
            Work.TERMINATE: "Card terminated",
        },
        of=Work,
    ),
    Names(
        "service-ground",
        {
            ServiceGround.HOLDER_ASKED: "The holder asked",
            ServiceGround.PIN_FORGOTTEN: "The PIN was forgotten",
            ServiceGround.PIN_BLOCKED: "The PIN is blocked",
            ServiceGround.LETTER_LOST: "The letter with the PIN was lost",
            ServiceGround.KNOWN_TO_OTHERS: "Others know it",
            ServiceGround.CAN_UNREADABLE: "The number on the card cannot be read",
            ServiceGround.DAMAGED: "Damaged",
            ServiceGround.FAULTY: "Faulty",
        },
        of=ServiceGround,
    ),
    Names(
        "old-card",
        {
            OldCard.NONE: "There was none",
            OldCard.TAKEN_BACK: "Taken back",
            OldCard.LOST: "Lost",
            OldCard.STOLEN: "Stolen",
            OldCard.DESTROYED: "Destroyed",
        },
        of=OldCard,
    ),
    Names(
        "delivery",
        {
            Delivery.POINT: "Place of issue",
            Delivery.HOME: "At home",
            Delivery.WORKPLACE: "At the workplace",
        },
        of=Delivery,
    ),
    Names(
        "movement",
        {
            Movement.RECEIVE: "Received from the maker",
            Movement.HAND_TO_STATION: "Handed to a station",
            Movement.TAKE_BACK: "Taken back from a station",
            Movement.ISSUE: "Made into a card",
            Movement.SPOIL_AT_STATION: "Spoiled at a station",
            Movement.SPOIL_IN_STOCK: "Spoiled in stock",
            Movement.RETURN: "Returned to the maker",
        },
        of=Movement,
    ),
    Names(
        "stock-ground",
        {
            StockGround.PLANNED: "Planned",
            StockGround.DAMAGED: "Damaged",
            StockGround.FAULTY: "Faulty",
            StockGround.WRONG_DELIVERY: "Wrong delivery",
            StockGround.LEASE_LOST: "The order had gone back to the queue",
        },
        of=StockGround,
    ),
)
