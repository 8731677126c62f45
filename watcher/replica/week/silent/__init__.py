"""A week in which nothing is announced: only links, addresses, procedures and bookings change."""
