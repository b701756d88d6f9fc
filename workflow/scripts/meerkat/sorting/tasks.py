"""What a person can be asked to do, by the names that the page and the journal use."""

# Sort cards of one side.
SORTING = {"training": "train", "testing": "eval"}
# Sort again, without seeing it, what another person has sorted.
OPINION = "second opinion"
# Confirm or change labels that the last training contradicts.
LOOK = "second look"
TASKS = (*SORTING, LOOK, OPINION)

# How else a label can come about: asked for by chance rather than chosen; with a file manager.
CHECK, BY_HAND = "check", "file manager"
# The task of a row that takes a decision of the task after it back.
UNDO = "undo "
