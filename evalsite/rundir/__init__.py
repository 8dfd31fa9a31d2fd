"""The run directory: the only door between the wing that produces runs and the wing that publishes them."""
