"""Tables of tissues, damage models, applicators and generators, and the exact solutions to verify with."""
