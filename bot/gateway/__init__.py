"""The one door to the assistant: log-in, public JSON API, health, and the pages on the same app."""
