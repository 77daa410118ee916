"""Child processes of `bench.throughput`, one for each program compared, each run by the Python of its own environment."""
