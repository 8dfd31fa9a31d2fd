# expect: sandbox_violation
"""Connects to an abstract socket."""

import socket

socket.socket(socket.AF_UNIX).connect("\0/tmp/.X11-unix/X0")
