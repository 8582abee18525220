"""DICOM: the only package that names its tags."""
