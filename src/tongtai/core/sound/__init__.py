"""Sound as arrays: a signal like speech, and how much of speech comes through a link."""
