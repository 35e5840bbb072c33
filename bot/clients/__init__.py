"""Clients and the people who serve them: finding, profiling, signing in."""
