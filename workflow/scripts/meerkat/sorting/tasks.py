"""What a person can be asked to do, by the names that the page and the journal use."""

# Sort cards of one side.
TRAINING, TESTING = "training", "testing"
SORTING = {TRAINING: "train", TESTING: "eval"}
# Sort again, without seeing it, what another person has sorted.
OPINION = "second opinion"
# Confirm or change labels that the last training contradicts.
LOOK = "second look"
TASKS = (*SORTING, LOOK, OPINION)

# How else a label can come about: in Training, but drawn by chance rather than chosen; with a file manager.
CHECK, BY_HAND = "check", "file manager"
# The task of a row that takes a decision of the task after it back.
UNDO = "undo "


def on_page(task: str) -> str:
    """The task as the page knows it."""
    return TRAINING if task == CHECK else task
