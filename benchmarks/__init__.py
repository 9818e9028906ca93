"""Speed, measured so that anyone can measure it again: ``python -m benchmarks NAME --json``."""
