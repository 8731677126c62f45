"""Documents that readers' programs load; everything is cleaned once more here, at the last door."""
