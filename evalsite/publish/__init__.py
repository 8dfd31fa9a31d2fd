"""From a finished run to a results repository and a link in an issue. Addresses come in as strings."""
