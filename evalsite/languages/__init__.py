"""What is peculiar to one programming language: how its code is read, mended and shown."""
