"""Persistence: the only package that talks to the database.

`open_engine` gives a database that keeps what it is told, `upgrade` brings its schema to today's, and
`SqlStore` is the `Store` that use cases ask for. Every failure of the database is a `StorageError`.
"""
