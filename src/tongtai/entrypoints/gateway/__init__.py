"""The gateway: the process beside the operating table that records and sends its pictures."""
