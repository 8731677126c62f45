"""Ways out: everything that turns an alert into something a reader receives."""
