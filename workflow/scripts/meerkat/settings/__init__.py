"""The settings: the one place for the name, type, range, default and meaning of each.

A module for each section of config.yaml. `python workflow/schemas/renew.py` writes config.yaml, the schema and docs/settings.md
from them, and programs take their options from them.
"""
