"""Errors that a person can do something about."""

from __future__ import annotations


class UserError(Exception):
    """Says in one line what is wrong, where, and what to do; shown as it is, without a traceback."""


class StoreAwayError(Exception):
    """What keeps everything cannot do its work now, and may be asked again later.

    `permanent`: somebody must do something about it first.
    """

    permanent = False


class SettingsError(UserError):
    """A flag or variable has a value that cannot be meant; one French line that names it."""
