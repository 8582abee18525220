"""Gateways: the processes beside the operating tables, their enrolment and their recordings."""
