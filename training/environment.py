"""
What the numerical libraries read when they are loaded: import it before them.

OpenBLAS picks its kernels by the processor, and for one that it does not know yet the slowest: 3 to 5 times slower here.
One that every x86-64 of the last ten years has is named instead, so that such machines also add in the same order.
"""

import os

os.environ.setdefault("OPENBLAS_CORETYPE", "Haswell")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# Without it cuBLAS may add in another order each time.
os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
