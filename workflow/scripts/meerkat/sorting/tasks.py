"""The tasks of a person, by the names that the page and the journal use."""

# Sort cards of one side.
TRAINING, TESTING = "training", "testing"
SORTING = {TRAINING: "train", TESTING: "eval"}
# Sort again what another person has sorted, without seeing the label.
OPINION = "second opinion"
# Confirm or change labels that the last training contradicts.
LOOK = "second look"
TASKS = (*SORTING, LOOK, OPINION)

# Other sources of a label: in Training, but drawn by chance rather than chosen; with a file manager; by the review of a visit.
CHECK, BY_HAND, REVIEW = "check", "file manager", "review"
# A row that takes back a decision has this word before its task.
UNDO = "undo "


def on_page(task: str) -> str:
    """The task as the page knows it."""
    return TRAINING if task == CHECK else task
