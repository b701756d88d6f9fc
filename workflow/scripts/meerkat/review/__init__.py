"""Reviewing visits in the browser: what a person sees of a visit, and where answers go."""
