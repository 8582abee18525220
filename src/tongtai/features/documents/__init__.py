"""Documents of a case: made, signed by named people, issued, checked."""
