"""Demo data: a small invented broker, the same for the same seed and day."""
