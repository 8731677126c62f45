"""What each command of `vigie` does; `run(settings, options)` returns the exit status."""
