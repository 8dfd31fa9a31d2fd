"""Charts of several runs: drawn by the build, and again for plotly, which takes over when one is touched."""
