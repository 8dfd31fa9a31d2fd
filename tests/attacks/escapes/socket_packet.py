# expect: sandbox_violation
"""Opens a socket of the raw family."""

import socket

socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
