"""What may happen to an intent and to a print job, as data: from each state, the states that may follow."""

from enum import StrEnum


class IntentState(StrEnum):
    """`taken` has a ticket; `abandoned` has no visitor any more; `settled` has nothing left to cancel."""

    ASKING = "asking"
    TAKEN = "taken"
    REFUSED = "refused"
    ABANDONED = "abandoned"
    SETTLED = "settled"


class PrintState(StrEnum):
    """`failed` has surely no paper, of `unknown` nobody can tell, `void` was too old to be printed."""

    ALLOCATED = "allocated"
    SENT = "sent"
    PRINTED = "printed"
    FAILED = "failed"
    UNKNOWN = "unknown"
    VOID = "void"


# A state that is not listed is final.
INTENT_MOVES = {
    IntentState.ASKING: {IntentState.TAKEN, IntentState.REFUSED, IntentState.ABANDONED},
    IntentState.ABANDONED: {IntentState.SETTLED},
}
PRINT_MOVES = {
    PrintState.ALLOCATED: {PrintState.SENT, PrintState.VOID},
    PrintState.SENT: {PrintState.PRINTED, PrintState.FAILED, PrintState.UNKNOWN},
}

FINAL_PRINT_STATES = tuple(state for state in PrintState if state not in PRINT_MOVES)
# A visitor whose last slip ended so may have another one.
REPRINTABLE = (PrintState.FAILED, PrintState.UNKNOWN, PrintState.VOID)
