"""Find seeds in a CT, correct them by hand, and say how the implant differs from the plan."""
