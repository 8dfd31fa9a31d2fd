# expect: sandbox_violation
"""Opens a socket of the kernel cryptography family."""

import socket

socket.socket(38, socket.SOCK_SEQPACKET)
