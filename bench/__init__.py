"""Measured programs; they print figures and assert nothing. Run by ``./run.sh bench``."""
