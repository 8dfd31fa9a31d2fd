# expect: sandbox_violation|runtime_error
"""Opens folders relative to descriptors, past the root."""

import os

descriptor = os.open(".", os.O_RDONLY)
for _ in range(5):
    descriptor = os.open("..", os.O_RDONLY, dir_fd=descriptor)
print(os.listdir(descriptor))
print(open(os.open("root", os.O_RDONLY, dir_fd=descriptor)))
