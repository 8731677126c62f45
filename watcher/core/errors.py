"""Errors that a person can do something about."""

from __future__ import annotations


class UserError(Exception):
    """Says in one line what is wrong, where, and what to do; shown as it is, without a traceback."""
