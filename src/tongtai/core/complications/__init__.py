"""Complications that are foreseen: facts, rules over them, and what follows where one fires."""
