"""Sorting clips in the browser: which passages the page asks about, and where a person's decisions go."""
