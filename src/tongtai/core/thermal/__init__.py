"""Heat of an ablation: the bioheat equation, what heats, what dies, and how large the zone becomes.

Start with `sequence.simulate`, or with `treatment.simulate_rfa` and `treatment.simulate_mwa` for one
activation, on a `scene.HeatScene`; tissues, devices and damage models come from
`tongtai.formats.heat_tables`. `comparison` sets the maker's zone beside the simulated one,
`uncertainty` gives the contour's band, `reference` holds the cases with exact solutions.
"""
