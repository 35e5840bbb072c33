"""Rasa actions: read the turn, call one service of the counter desk, hand its messages on."""
