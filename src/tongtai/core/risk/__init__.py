"""Scores, gates and response categories of liver tumour ablation, each with its formula and its source."""
