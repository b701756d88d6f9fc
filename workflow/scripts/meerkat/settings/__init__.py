"""The settings: the one place for the name, type, range, default and meaning of each.

There is a module for each section of config.yaml. `python workflow/schemas/renew.py` writes config.yaml and docs/settings.md from them, and
programs take their options from them.
"""
