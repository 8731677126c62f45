"""Programs that try to break the promises of the program, and print what became of them."""
