"""What must be known of a patient before a case can go on: forms, units, freshness, gaps."""
