"""Errors that a person can do something about."""

from __future__ import annotations


class UserError(Exception):
    """Says in one line what is wrong, where, and what to do; shown as it is, without a traceback."""


class SettingsError(UserError):
    """A flag or variable has a value that cannot be meant; one French line that names it."""
