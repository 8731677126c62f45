"""Sites whose sections have other names and other places by a seed, for whoever looks for them."""
