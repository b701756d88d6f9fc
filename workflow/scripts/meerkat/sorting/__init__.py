"""Sorting clips in the browser: which tracks are asked for, and where a person's decisions go."""
