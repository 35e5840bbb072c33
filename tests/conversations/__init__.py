"""Dialogues run through the real servers: what an advisor types, and what must come back."""
