"""Segmentation by density, shape and place: works everywhere, without trained weights."""
