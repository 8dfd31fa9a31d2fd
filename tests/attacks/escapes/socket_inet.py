# expect: sandbox_violation
"""Opens a socket of the internet family."""

import socket

socket.socket(socket.AF_INET, socket.SOCK_STREAM)
