"""Pages that a program of this computer shows to the person who started it."""
