"""The publishing wing: run directories in, a static site out."""
