"""Signatures on documents: certificates, keys in software or in a token, timestamps, PDF signatures."""
