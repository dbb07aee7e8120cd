"""Training as a generator of records, and the trace it leaves."""
