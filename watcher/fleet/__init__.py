"""Many processes on many machines: the use cases of the daemon as jobs of Procrastinate, on PostgreSQL.

A job is a batch of one platform's due pages or of one way's due messages. What is due stays a matter of our own
tables: a job that is lost is ordered again, and one that is there twice finds nothing to do.
"""
