"""The names of the audit's tables in the folder of clips; planning a run needs no more than these."""

DRAWS, LOOKS = "draws.csv", "looks.csv"
