"""`python -m explorer CLIPS... --out scores.parquet`: many clips at once; explorer/batch/command.py says all."""

import os
import sys

from explorer.cores import usable_cores

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # where torch is loaded: threads that spin starve the decoder
os.environ.setdefault("OMP_NUM_THREADS", str(usable_cores()))

from explorer.batch.command import main

if __name__ == "__main__":
    sys.exit(main())
