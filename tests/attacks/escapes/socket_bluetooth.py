# expect: sandbox_violation
"""Opens a socket of the Bluetooth family."""

import socket

socket.socket(31, socket.SOCK_RAW, 0)
