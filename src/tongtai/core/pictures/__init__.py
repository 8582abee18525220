"""Pictures as arrays: simulated feeds, lettering and the time code that measures delay."""
