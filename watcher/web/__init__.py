"""Readers' pages and feeds over HTTP; stateless, reads the store and never writes it."""
